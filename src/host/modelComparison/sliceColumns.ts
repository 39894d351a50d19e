import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../../pairs/json';
import { pathOf } from '../../pairs/own/keyPath';
import { headRows } from '../reading/headRows';

/** A column with longer values holds texts, not categories. */
const longest = 60;
/** A column whose values differ in more than this share of the rows names each row. */
const mostDifferent = 0.5;

/** The key paths of columns whose values divide the rows of a file into slices, as its first rows show. */
export async function sliceColumns(file: string): Promise<readonly string[]> {
  return columnsIn(await headRows(file));
}

/** The key paths of columns with short values that come back. */
export function columnsIn(rows: readonly JsonObject[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  const texts = new Set<string>();
  const take = (path: string, value: unknown): void => {
    const text = sliceable(value);
    if (text === null) return void texts.add(path);
    const known = values.get(path) ?? new Set();
    values.set(path, known.add(text));
  };
  for (const row of rows)
    for (const [key, value] of Object.entries(row))
      if (!isRecord(value)) take(pathOf([key]), value);
      else for (const [inner, deep] of Object.entries(value)) take(pathOf([key, inner]), deep);
  const most = Math.max(2, mostDifferent * rows.length);
  return [...values].flatMap(([path, known]) => (!texts.has(path) && known.size <= most ? [path] : []));
}

/** A value as the name of a slice; null if it is a text, a list or an object. */
function sliceable(value: unknown): string | null {
  if (typeof value === 'object' && value !== null) return null;
  const text = String(value);
  return text.length <= longest ? text : null;
}
