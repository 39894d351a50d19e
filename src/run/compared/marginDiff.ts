import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { sortRows } from '../../base/pure/sortRows';
import { mcnemar } from '../../pairs/comparison/mcnemar';
import { type Proportion, proportion } from '../../pairs/statistics/proportion';
import { alignedMargins } from '../pairNumbers/alignedMargins';
import { labels, type RewardColumns } from '../rewardColumns/rewardColumns';
import type { MarginOrder } from './types';

/** The margins of two runs for the pairs that both scored. */
export interface MarginDiff {
  /** The places of the pairs in the rewards of the second run. */
  readonly places: Int32Array;
  /** By place in the rewards of the second run; NaN where the first run has none. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** How often each is right on them: a margin above 0. */
  readonly accuracies: readonly [Proportion, Proportion];
  readonly means: readonly [number, number];
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** McNemar's exact test. */
  readonly p: number;
  /** Pairs that only one of the two scored, and judged answers. */
  readonly leftOut: number;
}

/**
 * Compares the margins of two runs pair by pair.
 *
 * @param firstColumns of the first run, its rewards at a step; `secondColumns` likewise
 * @returns null if they scored no pair in common
 */
export async function marginDiff(
  firstColumns: RewardColumns,
  secondColumns: RewardColumns,
  slices: Breathing,
): Promise<MarginDiff | null> {
  const first = await alignedMargins(secondColumns, firstColumns, slices);
  const second = Float64Array.from(await secondColumns.column('margin'));
  const kinds = await secondColumns.column('label');
  const places: number[] = [];
  const right = { first: 0, second: 0, onlyFirst: 0, onlySecond: 0 };
  const sums: [number, number] = [0, 0];
  for (let place = 0; place < second.length; place++) {
    const [a, b] = [at(first, place), at(second, place)];
    if (at(kinds, place) !== labels.pair || Number.isNaN(a) || Number.isNaN(b)) continue;
    places.push(place);
    sums[0] += a;
    sums[1] += b;
    if (a > 0) right.first++;
    if (b > 0) right.second++;
    if (a > 0 && !(b > 0)) right.onlyFirst++;
    if (b > 0 && !(a > 0)) right.onlySecond++;
  }
  const count = places.length;
  if (count === 0) return null;
  return {
    places: Int32Array.from(places),
    first,
    second,
    accuracies: [proportion(right.first, count), proportion(right.second, count)],
    means: [sums[0] / count, sums[1] / count],
    onlyFirst: right.onlyFirst,
    onlySecond: right.onlySecond,
    p: mcnemar(right.onlyFirst, right.onlySecond),
    leftOut: firstColumns.count + secondColumns.count - 2 * count,
  };
}

/** The places of the compared pairs in an order. `difference`: by the size of the change. */
export function orderedPlaces(
  { places, first, second }: MarginDiff,
  lines: ArrayLike<number>,
  sort: MarginOrder,
  descending: boolean,
  slices: Breathing,
): Promise<Int32Array> {
  const values = {
    line: (place: number) => at(lines, place),
    first: (place: number) => at(first, place),
    second: (place: number) => at(second, place),
    difference: (place: number) => Math.abs(at(second, place) - at(first, place)),
  } satisfies Record<MarginOrder, (place: number) => number>;
  const sign = descending ? -1 : 1;
  return sortRows(places, (place) => sign * values[sort](place), slices);
}
