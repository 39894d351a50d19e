import { MarginError } from '../base/pure/marginError';
import { bracketed, type JsonStyle, styleOf } from './jsonStyle';
import { placeIn } from './placeIn';
import { type JsonEntry, type JsonNode, JsonSyntaxError, scanJson } from './scanJson';
import { writeLine } from './writeLine';

type Layout = Pick<JsonStyle, 'comma' | 'colon' | 'indent'>;

const pretty: Layout = { comma: ',', colon: ': ', indent: { lineEnd: '\n', base: '', unit: '  ' } };
const compact: Layout = { comma: ',', colon: ':', indent: null };

/**
 * A row as indented JSON with a line break at the end. Keys, numbers and escapes stay as they are written. A row that
 * is not JSON is its own text.
 */
export function rowAsJson(line: string): string {
  const node = nodeOf(line);
  return `${node === null ? line : printed(line, node, pretty, 0)}\n`;
}

/** Some keys of a row as indented JSON, written as they are; null if the row is not an object. */
export function keysAsJson(line: string, keys: ReadonlySet<string>): string | null {
  const node = nodeOf(line);
  if (node?.kind !== 'object') return null;
  return printed(line, { ...node, entries: node.entries.filter(({ key }) => keys.has(key)) }, pretty, 0);
}

/**
 * The row that a person made of {@link rowAsJson}, in the spacing of the row before. Values that stay the same keep
 * their exact text.
 *
 * @param before the row before
 * @throws MarginError `json-syntax` with the place of the mistake
 */
export function rowFromJson(text: string, before: string): string {
  const node = parsed(text);
  const nodeBefore = nodeOf(before);
  if (nodeBefore === null) return printed(text, node, { comma: ', ', colon: ': ', indent: null }, 0);
  const written = writeLine(before, JSON.parse(text));
  const isExact = printed(written, scanJson(written), compact, 0) === printed(text, node, compact, 0);
  // A number beyond a double, a key that occurs twice, or an order of keys that a value does not hold.
  return isExact ? written : printed(text, node, styleOf(before, nodeBefore), 0);
}

function parsed(text: string): JsonNode {
  try {
    return scanJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { line, column } = placeIn(text, error.column);
    const message = `The row is not JSON: line ${line}, column ${column}: ${error.message}.`;
    throw new MarginError('json-syntax', message, { line, column });
  }
}

function nodeOf(line: string): JsonNode | null {
  try {
    return scanJson(line);
  } catch {
    return null;
  }
}

/** A value with the same tokens in another layout. */
function printed(text: string, node: JsonNode, layout: Layout, depth: number): string {
  const style = { ...layout, ascii: false, upperHex: false, escaped: new Set<string>() };
  const inner = (value: JsonNode): string => printed(text, value, layout, depth + 1);
  switch (node.kind) {
    case 'object': {
      const entries = node.entries.map((entry) => keyIn(text, entry) + layout.colon + inner(entry.value));
      return bracketed('{}', entries, style, depth);
    }
    case 'array':
      return bracketed('[]', node.items.map(inner), style, depth);
    default:
      return text.slice(node.start, node.end);
  }
}

/** A key as it is written, with its quotes. */
function keyIn(text: string, { keyStart, value }: JsonEntry): string {
  return text.slice(keyStart, value.start).replace(/\s*:\s*$/, '');
}
