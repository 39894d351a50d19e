import type * as CsvParse from 'csv-parse/sync';
import { at } from '../../../base/pure/must';
import { problem, type Problem } from '../../../pairs/problem';
import { concatBytes } from '../../bytes';
import type { Delimiter } from '../../containers/container';
import { checkHeader, raggedRow, rowOf } from '../../containers/csvHeader';
import { brokenCell, CsvScanner } from '../../containers/csvScanner';
import type { RowSplitter, RowText } from '../../containers/rowText';
import { lineText, withoutLineEnd } from '../../lineText';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Loaded at the first call: most files are not CSV. Node keeps what it loaded. */
function csvParse(): typeof CsvParse {
  return require('csv-parse/sync') as typeof CsvParse;
}

/** The bytes of a record, and where it begins. */
interface Raw {
  readonly bytes: Uint8Array;
  readonly line: number;
}

/** A record as its cells, or what is wrong with it. */
export type Cells = readonly string[] | Problem;

/**
 * The rows of CSV or TSV. The first record names the keys; the cells are texts. Blank lines are not rows. A record that
 * cannot be read is a row with a problem; the records after it are still read.
 */
export class CsvRows implements RowSplitter {
  private readonly scanner: CsvScanner;
  /** The start of a record whose end has not come yet. */
  private started: Uint8Array[] = [];
  private names: readonly string[] | null = null;

  /** @param file names the file in errors */
  constructor(
    private readonly file: string,
    private readonly delimiter: Delimiter,
  ) {
    this.scanner = new CsvScanner(file, delimiter);
  }

  /** @throws MarginError `csv-header`, and as {@link CsvScanner.push} */
  push(chunk: Uint8Array): RowText[] {
    const records: Raw[] = [];
    const base = this.scanner.position;
    let start = 0;
    this.scanner.push(chunk, (end, line) => {
      records.push({ bytes: this.finish(chunk.subarray(start, end - base)), line });
      start = end - base;
    });
    const rows = this.rows(records);
    if (start < chunk.length) this.started.push(new Uint8Array(chunk.subarray(start)));
    return rows;
  }

  /** @throws MarginError `csv-header`, and as {@link CsvScanner.finish} */
  end(): RowText[] {
    this.scanner.finish();
    if (!this.scanner.unfinished) return [];
    return this.rows([{ bytes: this.finish(new Uint8Array(0)), line: this.scanner.recordLine }]);
  }

  private finish(rest: Uint8Array): Uint8Array {
    const bytes = this.started.length > 0 ? concatBytes([...this.started, rest]) : rest;
    this.started = [];
    return this.scanner.lines <= 1 && this.names === null ? withoutMark(bytes) : bytes;
  }

  private rows(all: readonly Raw[]): RowText[] {
    const records = all.filter(({ bytes }) => withoutLineEnd(bytes).length > 0);
    return readRecords(records, this.delimiter).flatMap((cells, i) => {
      const { line } = at(records, i);
      if (this.names === null) {
        this.names = headerOf(cells, this.file, line);
        return [];
      }
      return [{ line, ...rowText(cells, this.names) }];
    });
  }
}

/** The names in the header. @throws MarginError `csv-header` */
export function headerOf(cells: Cells, file: string, line: number): readonly string[] {
  const names = 'message' in cells ? [] : cells;
  checkHeader(names, file, line);
  return names;
}

/** The row of a record, or the list of its cells and the problem. */
export function rowText(cells: Cells, names: readonly string[]): Omit<RowText, 'line'> {
  if ('message' in cells) return { text: '', problem: cells };
  const wrong = raggedRow(cells.length, names) ?? invalidText(cells, names);
  return wrong ? { text: JSON.stringify(cells), problem: wrong } : { text: rowOf(names, cells) };
}

/** The cells of each record, read together; one by one if one of them is damaged. */
export function readRecords(records: readonly { readonly bytes: Uint8Array }[], delimiter: Delimiter): Cells[] {
  const joined = concatBytes(records.flatMap(({ bytes }) => (bytes.at(-1) === 10 ? [bytes] : [bytes, newline])));
  try {
    const read = parseCells(joined, delimiter);
    if (read.length === records.length) return read;
  } catch (error) {
    if (!(error instanceof csvParse().CsvError)) throw error;
  }
  return records.map(({ bytes }) => readRecord(withoutLineEnd(bytes), delimiter));
}

const newline = Uint8Array.of(10);

/** A record on its own. A quote inside a cell without quotes is part of the cell, as Python reads it. */
function readRecord(bytes: Uint8Array, delimiter: Delimiter): Cells {
  const cell = brokenCell(bytes, delimiter);
  if (cell === null) return at(parseCells(bytes, delimiter, { relax_quotes: true }), 0);
  const message = `Cell ${cell} continues after its closing quote: write quotes inside a quoted cell twice ("").`;
  return problem('error', 'csv-quote', null, message);
}

/**
 * @throws CsvError for a quote in a wrong place
 */
function parseCells(bytes: Uint8Array, delimiter: Delimiter, more: CsvParse.Options = {}): string[][] {
  const { parse } = csvParse();
  const options: CsvParse.Options = {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    ...more,
  };
  const text = strictText(bytes);
  if (text === null) {
    // One character per byte, so that bytes that are not UTF-8 stay in their places as lone surrogates.
    const read = parse(Buffer.from(bytes), { ...options, encoding: 'latin1' });
    return read.map((cells) => cells.map((cell) => lineText(Buffer.from(cell, 'latin1'))));
  }
  return parse(text, options);
}

function strictText(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

function invalidText(cells: readonly string[], names: readonly string[]): Problem | null {
  const field = names.find((_, i) => /\p{Surrogate}/u.test(at(cells, i)));
  if (field === undefined) return null;
  return problem('error', 'not-utf8', field, 'The cell is not valid UTF-8: save the file as UTF-8.');
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
