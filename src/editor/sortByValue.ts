import { sortRows } from '../base/pure/sortRows';
import type { RowNumber } from '../pairs/query/evaluate';
import type { RowSortValue } from '../pairs/query/sortKey';
import type { Slices } from './slices';
import { ranksOf } from './sortTexts';

/** Rows between two looks at the clock. */
const sliceRows = 1 << 10;

/**
 * Sorts rows by number, then those with a text by their text. Rows without a value come last in either direction, and
 * rows of equal value stay in their order.
 *
 * @throws the reason of the slices' signal when aborted
 */
export async function sortByValue(
  rows: Int32Array,
  valueOf: RowSortValue,
  descending: boolean,
  slices: Slices,
): Promise<Int32Array> {
  const texts = new Set<string>();
  for (const [i, row] of rows.entries()) {
    if (i % sliceRows === 0) await slices.breathe();
    const value = valueOf(row);
    if (typeof value === 'string') texts.add(value);
  }
  const number: RowNumber = (row) => {
    const value = valueOf(row);
    return typeof value === 'string' ? null : value;
  };
  const byNumber = await sortRows(rows, toSort(number, descending), slices);
  if (texts.size === 0) return byNumber;
  const ranks = await ranksOf(texts, slices);
  // All numbers have one rank, so that they stay in their order.
  const rank: RowNumber = (row) => {
    const value = valueOf(row);
    if (typeof value === 'number') return -1;
    return typeof value === 'string' ? ranks.get(value) : value;
  };
  return sortRows(byNumber, toSort(rank, descending), slices);
}

function toSort(number: RowNumber, descending: boolean): (row: number) => number {
  const sign = descending ? -1 : 1;
  return (row) => sign * (number(row) ?? sign * Number.MAX_VALUE);
}
