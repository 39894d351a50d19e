import { must } from '../base/pure/must';
import type { Delimiter } from './containers/container';
import { delimiterOf } from './containers/csvDialect';
import type { ElementLayout } from './elementScanner';

/** A kind of text that is not JSON Lines: its name, and what to do. `FILE` stands for the file's name. */
export interface TextKind {
  readonly name: string;
  readonly todo: string;
  /** The delimiter of a table that is read as CSV. */
  readonly delimiter?: Delimiter;
}

const webPage: TextKind = { name: 'a web page and not the data', todo: 'download the file itself (its raw link)' };
const xml: TextKind = { name: 'XML', todo: 'write its rows as JSON Lines, one row a line' };
const yaml: TextKind = { name: 'YAML', todo: 'write its rows as JSON Lines, one row a line' };

/**
 * Recognises texts that are not JSON Lines: a JSON array, pretty-printed JSON, CSV, YAML and others.
 *
 * @param text the start of the file
 * @param whole whether `text` is the whole file
 * @param namedTable whether the file's name says that it is CSV or TSV. It decides for a text that may or may not be a
 *   table
 * @returns the layout of rows that are the elements of an array, or objects of several lines; null if the lines can be
 *   read one by one
 */
export function textKind(text: string, whole: boolean, namedTable: boolean): TextKind | ElementLayout | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const complete = whole ? lines : lines.slice(0, -1);
  const first = lines[0] ?? '';
  if (first.startsWith('[')) return isArray(lines, complete) ? 'array' : null;
  if (first.startsWith('{')) return isPretty(complete, lines.length > complete.length) ? 'objects' : null;
  if (/^<(?:!doctype html|html)\b/i.test(first)) return webPage;
  if (/^<\?xml\b/.test(first)) return xml;
  if (
    first === '---' ||
    (/^(?:- )?(?:prompt|chosen|rejected|messages|question|instruction)\s*:/.test(first) && lines.length > 1)
  )
    return yaml;
  if (first.startsWith('\u001e')) return sequence;
  const table = separated(text, first, complete[1]);
  if (table) return table;
  if (namedTable && first !== '') return tableOf(delimiterOf(text));
  return complete.length > 1 && complete.slice(0, 5).every(isProse) ? prose : null;
}

function isProse(line: string): boolean {
  return !/^[{["'\d]/.test(line) && !parses(line);
}

/** Whether the text is an array of rows, and not JSON Lines whose rows are lists. */
function isArray(lines: readonly string[], complete: readonly string[]): boolean {
  const [first = '', second = ''] = lines;
  if (first === '[' || /^\[\s*\{/.test(first)) return !(complete.length > 1 && second.startsWith('[') && parses(first));
  return /^\[\s*\]$/.test(first) && lines.length === 1;
}

/**
 * Whether the second line continues the object that the first line begins. If the second line is a complete row, the
 * first one is only damaged.
 */
function isPretty(complete: readonly string[], more: boolean): boolean {
  const [first = '', second, third = ''] = complete;
  // A second line that is longer than the text can only belong to the object that the first line opens.
  if (second === undefined) return first === '{' && more;
  if (!leavesOpen(first)) return false;
  return !(second.startsWith('{') && parses(second)) || /^[\]}]/.test(third);
}

/** Whether a line ends inside an object or a list, but not inside a string. */
function leavesOpen(line: string): boolean {
  const outside = line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  const count = (brackets: RegExp): number => [...outside.matchAll(brackets)].length;
  return !outside.includes('"') && count(/[{[]/g) > count(/[}\]]/g);
}

const sequence: TextKind = {
  name: 'a JSON text sequence (RFC 7464)',
  todo: "take its record separators out (tr -d '\\036' < FILE > rows.jsonl)",
};
const prose: TextKind = {
  name: 'plain text and not JSON Lines',
  todo: 'write each row as a JSON object on a line of its own',
};

const separators = [
  { char: '\t', name: 'TSV', todo: asLines(', sep="\\t"') },
  { char: ',', name: 'CSV', todo: asLines('') },
  { char: ';', name: 'CSV with semicolons', todo: asLines(', sep=";"') },
  { char: '|', name: 'text in columns, separated by "|"', todo: asLines(', sep="|"') },
] as const;
const column = /^"?[\p{L}_][\p{L}\p{N}_ .-]{0,60}"?$/u;
/** Column names that tables of preference data have. */
const knownColumn =
  /chosen|rejected|prompt|completion|label|question|instruction|response|answer|query|input|output|text|^"?id"?$/i;

/** A table: its first line names columns, or is a row of quoted fields. */
function separated(text: string, first: string, second: string | undefined): TextKind | null {
  const found = separators.filter(({ char }) => {
    const fields = first.split(char).map((field) => field.trim());
    if (quotedRow(first, char)) return true;
    if (fields.length < 2 || !fields.every((field) => field === '' || column.test(field))) return false;
    return fields.some((field) => knownColumn.test(field)) || (second?.split(char).length ?? 0) >= fields.length;
  });
  const delimiters = found.flatMap(({ char }) => (char === '|' ? [] : [char]));
  if (delimiters.length > 0) return tableOf(delimiterOf(text, delimiters));
  return found[0] ?? null;
}

function tableOf(delimiter: Delimiter): TextKind {
  const { name, todo } = must(
    separators.find(({ char }) => char === delimiter),
    'the separator',
  );
  return { name, todo, delimiter };
}

/** A row of quoted fields, as in a table without column names. */
function quotedRow(line: string, char: string): boolean {
  return line.startsWith('"') && line.includes(`"${char}"`) && !parses(line);
}

function asLines(options: string): string {
  const read = `pandas.read_csv("FILE"${options})`;
  return `write it as JSON Lines, in Python: ${read}.to_json("rows.jsonl", orient="records", lines=True)`;
}

function parses(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    // Part of a value, or not JSON.
    return false;
  }
}
