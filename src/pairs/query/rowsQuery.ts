import { at } from '../../base/pure/must';

/** A query that finds rows by their numbers. */
export interface RowsQuery {
  readonly query: string;
  /** How many of the rows it finds; fewer than all if it would become too long. */
  readonly found: number;
}

/**
 * A query for rows: neighbours become a range.
 *
 * @param rows indices from 0, in any order; the first ones stay if the query would become longer than `longest`
 * @param longest characters
 * @example rowsQuery([4, 0, 5], 100) → { query: 'row:1 or row:5..6', found: 3 }
 */
export function rowsQuery(rows: readonly number[], longest: number): RowsQuery {
  const wanted = [...new Set(rows)];
  let [found, most] = [0, wanted.length];
  let query = '';
  // The length grows with the number of rows, so halving finds how many fit.
  while (found < most) {
    const count = Math.ceil((found + most) / 2);
    const text = textOf(wanted.slice(0, count));
    if (text.length <= longest) [found, query] = [count, text];
    else most = count - 1;
  }
  return { query, found };
}

function textOf(rows: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const row of rows.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && at(last, 1) === row) last[1] = row + 1;
    else ranges.push([row + 1, row + 1]);
  }
  return ranges.map(([from, to]) => (from === to ? `row:${from}` : `row:${from}..${to}`)).join(' or ');
}
