import type { JsonObject } from '../json';
import { scanJson } from '../scanJson';

/** Text that `JSON.parse` and `JSON.stringify` may change: `8.0`, `1e3`, and numbers beyond a double. */
const fragile = /\d\.0|\d[eE]|\d{16}/;
const long = /\d{16,}/g;

/**
 * A converted row as a line of JSON. Columns that it has from the old row keep their text, so that `8.0` stays a float
 * and a long id keeps its digits.
 *
 * @param line the old row's text
 * @param value the old row, parsed
 */
export function rowText(row: JsonObject, line: string, value: unknown): string {
  const texts = keptTexts(row, line, value);
  if (texts.size === 0) return JSON.stringify(row);
  const entries = Object.entries(row).map(
    ([key, item]) => `${JSON.stringify(key)}:${texts.get(key) ?? JSON.stringify(item)}`,
  );
  return `{${entries.join(',')}}`;
}

/**
 * A converted row for a table. A number of the old row becomes text if a cell would lose digits.
 *
 * @param exact whether the table holds only texts, so that every number becomes the text that it had
 */
export function tableRow(row: JsonObject, line: string, value: unknown, exact: boolean): JsonObject {
  const texts = [...keptTexts(row, line, value)].filter(([key, text]) =>
    exact ? typeof row[key] !== 'string' : losesDigits(text, row[key]),
  );
  return texts.length === 0 ? row : { ...row, ...Object.fromEntries(texts) };
}

/** The texts of the columns that a row has from the old row, if writing the parsed values might change one. */
function keptTexts(row: JsonObject, line: string, value: unknown): ReadonlyMap<string, string> {
  if (!fragile.test(line)) return new Map();
  const node = scanJson(line);
  if (node.kind !== 'object') return new Map();
  const kept = node.entries.filter(({ key }) => isSame(value, key, row[key]));
  return new Map(kept.map(({ key, value: part }) => [key, line.slice(part.start, part.end)]));
}

/** Whether a column is the same value as in the old row. Parts of a pair are new values. */
function isSame(value: unknown, key: string, item: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getOwnPropertyDescriptor(value, key)?.value === item;
}

function losesDigits(text: string, item: unknown): boolean {
  if (typeof item === 'string') return false;
  const written = JSON.stringify(item);
  return (text.match(long) ?? []).some((digits) => !written.includes(digits));
}
