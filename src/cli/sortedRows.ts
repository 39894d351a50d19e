import { compareTexts } from '../pairs/query/sortKey';
import type { FoundRow } from './queryRows';

/** Sorts rows in memory. With a limit it never keeps more than twice as many rows. */
export async function* sorted(
  rows: AsyncIterable<FoundRow>,
  descending: boolean,
  limit: number,
): AsyncGenerator<FoundRow> {
  const order = orderOf(descending);
  let kept: FoundRow[] = [];
  for await (const row of rows) {
    kept.push(row);
    if (kept.length >= 2 * limit) kept = kept.sort(order).slice(0, limit);
  }
  yield* kept.sort(order).slice(0, limit);
}

/** By value, rows without one last, equal ones in the order of the file. */
function orderOf(descending: boolean): (a: FoundRow, b: FoundRow) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    if (a.sortValue === null || b.sortValue === null)
      return Number(a.sortValue === null) - Number(b.sortValue === null) || a.row - b.row;
    return sign * compareValues(a.sortValue, b.sortValue) || a.row - b.row;
  };
}

/** Numbers come before texts. */
function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  return typeof b === 'number' ? 1 : compareTexts(a, b);
}
