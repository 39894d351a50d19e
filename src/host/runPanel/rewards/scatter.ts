import { at } from '../../../base/pure/must';
import type { Scatter } from '../../../protocol/runPanel';

/** Most pairs that are drawn as points. */
const maxPoints = 5000;

interface Grid {
  readonly columns: number;
  readonly rows: number;
}

type Range = readonly [number, number];

/**
 * Two numbers of some pairs: as points, or as a grid of counts if they are many.
 *
 * @param places the pairs, in the order in which they are shown
 * @param x of all pairs, NaN for those without one
 */
export function scatterOf(places: Int32Array, x: Float64Array, y: Float64Array, grid: Grid): Scatter {
  const index: number[] = [];
  places.forEach((place, i) => {
    if (!Number.isNaN(at(x, place)) && !Number.isNaN(at(y, place))) index.push(i);
  });
  const pick = (values: Float64Array): Float64Array => Float64Array.from(index, (i) => at(values, at(places, i)));
  const [xs, ys] = [pick(x), pick(y)];
  const [rangeX, rangeY] = [rangeOf(xs), rangeOf(ys)];
  if (index.length <= maxPoints) return { kind: 'points', index: Int32Array.from(index), x: xs, y: ys, rangeX, rangeY };
  const counts = new Uint32Array(grid.columns * grid.rows);
  for (let i = 0; i < xs.length; i++) {
    const cell = cellOf(at(ys, i), rangeY, grid.rows) * grid.columns + cellOf(at(xs, i), rangeX, grid.columns);
    counts[cell] = at(counts, cell) + 1;
  }
  return { kind: 'density', counts, rangeX, rangeY };
}

function rangeOf(values: Float64Array): Range {
  if (values.length === 0) return [0, 0];
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function cellOf(value: number, [low, high]: Range, cells: number): number {
  return high === low ? 0 : Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells));
}
