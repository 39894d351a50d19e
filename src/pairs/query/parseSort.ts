import type { Sum } from './condition';
import { parseSum } from './parseSum';
import { QueryReader } from './queryReader';

/** The number that rows are sorted by. */
export interface SortOrder {
  readonly by: Sum;
  readonly descending: boolean;
}

/**
 * A number to sort by, with `-` before it for the highest first: `len(chosen)`, `-margin`, `len(chosen)/len(rejected)`.
 *
 * @throws BadQuery
 */
export function parseSort(text: string): SortOrder {
  const reader = new QueryReader(text);
  reader.skipSpace();
  const descending = reader.take(/[-−]\s*/y) !== null;
  const by = parseSum(reader);
  reader.skipSpace();
  if (!reader.isAtEnd)
    reader.fail(reader.at, text.length, 'Only a number to sort by can stand here, such as len(chosen) or turns.');
  return { by, descending };
}
