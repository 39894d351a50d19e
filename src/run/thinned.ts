import { at } from '../base/pure/must';
import type { CurveColumns } from './curves';

type Columns = Omit<CurveColumns, 'lastStep'>;

/**
 * Thins curves for drawing: keeps the lowest and the highest point of each series in each bucket of points, and the
 * first and the last point of all.
 *
 * @param width buckets: the pixels of the chart
 * @param maxValues the most numbers of all columns together; there are fewer buckets if the points have more
 */
export function thinned(columns: Columns, width: number, maxValues: number): Columns {
  const all = Object.values(columns.series);
  let kept = keptOf(columns, Math.max(1, Math.floor(width)));
  for (let buckets = width; kept.length > 2 && kept.length * (all.length + 2) > maxValues && buckets > 1;) {
    buckets = Math.floor(buckets / 2);
    kept = keptOf(columns, Math.max(1, buckets));
  }
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (index) => at(column, index));
  return {
    steps: pick(columns.steps),
    times: pick(columns.times),
    series: Object.fromEntries(Object.entries(columns.series).map(([name, column]) => [name, pick(column)])),
  };
}

/** The indices of the points to keep, in ascending order. */
function keptOf({ steps, series }: Columns, buckets: number): number[] {
  const count = steps.length;
  if (count <= 2 * buckets) return Array.from(steps, (_, index) => index);
  const kept = new Set([0, count - 1]);
  for (const column of Object.values(series))
    for (let bucket = 0; bucket < buckets; bucket++) {
      const from = Math.floor((bucket * count) / buckets);
      keepExtremes(column, from, Math.floor(((bucket + 1) * count) / buckets), kept);
    }
  return [...kept].sort((a, b) => a - b);
}

function keepExtremes(column: Float64Array, from: number, to: number, kept: Set<number>): void {
  let [low, high] = [-1, -1];
  let [least, most] = [Infinity, -Infinity];
  for (let index = from; index < to; index++) {
    const value = column[index] as number;
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < least) [low, least] = [index, value];
    if (high < 0 || value > most) [high, most] = [index, value];
  }
  if (low >= 0) kept.add(low).add(high);
}
