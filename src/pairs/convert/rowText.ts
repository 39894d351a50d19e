import type { JsonObject } from '../json';
import { scanJson } from '../scanJson';

/** Text that `JSON.parse` and `JSON.stringify` may change: `8.0`, `1e3`, and numbers beyond a double. */
const fragile = /\d\.0|\d[eE]|\d{16}/;

/**
 * A converted row as a line of JSON. Columns that it has from the old row keep their text, so that `8.0` stays a float
 * and a long id keeps its digits.
 *
 * @param line the old row's text
 * @param value the old row, parsed
 */
export function rowText(row: JsonObject, line: string, value: unknown): string {
  if (!fragile.test(line)) return JSON.stringify(row);
  const texts = textsOf(line);
  const entries = Object.entries(row).map(([key, item]) => {
    const text = isSame(value, key, item) ? texts.get(key) : undefined;
    return `${JSON.stringify(key)}:${text ?? JSON.stringify(item)}`;
  });
  return `{${entries.join(',')}}`;
}

function textsOf(line: string): ReadonlyMap<string, string> {
  const node = scanJson(line);
  if (node.kind !== 'object') return new Map();
  return new Map(node.entries.map(({ key, value }) => [key, line.slice(value.start, value.end)]));
}

/** Whether a column is the old row's: parts of a pair are new values, other columns are the same ones. */
function isSame(value: unknown, key: string, item: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getOwnPropertyDescriptor(value, key)?.value === item;
}
