import { at } from '../../../base/pure/must';
import type { Scatter } from '../../../protocol/runPanel';

/** Most pairs that are drawn as points. */
export const maxPoints = 5000;

interface Grid {
  readonly columns: number;
  readonly rows: number;
}

type Range = readonly [number, number];

/** The pairs that have both numbers. */
interface Both {
  readonly count: number;
  readonly rangeX: Range;
  readonly rangeY: Range;
}

/** Numbers of all pairs; NaN for those without one. */
interface Numbers {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** What colours them; null: nothing. */
  readonly shades: Float64Array | null;
}

/**
 * Two numbers of some pairs: as points, or as a grid of counts if they are many.
 *
 * @param places the pairs, in the order in which they are shown
 */
export function scatterOf(places: Int32Array, { x, y, shades }: Numbers, grid: Grid): Scatter {
  const both = bothOf(places, x, y);
  const { rangeX, rangeY } = both;
  if (both.count <= maxPoints) {
    const points = pointsOf(places, x, y, both.count);
    const ofPoints = shades && points.index.length > 0 ? shadesOf(places, points.index, shades) : null;
    return { kind: 'points', ...points, rangeX, rangeY, shade: ofPoints && withRange(ofPoints) };
  }
  const counts = densityOf(places, x, y, both, grid);
  const shade = shades && withRange(meansOf(places, { x, y, shades }, both, grid));
  return { kind: 'density', counts, rangeX, rangeY, shade };
}

function shadesOf(places: Int32Array, index: Int32Array, shades: Float64Array): Float64Array {
  return Float64Array.from(index, (i) => at(shades, at(places, i)));
}

/** The mean of the shades of each cell; NaN where no pair has one. */
function meansOf(
  places: Int32Array,
  { x, y, shades }: Numbers & { readonly shades: Float64Array },
  { rangeX, rangeY }: Both,
  { columns, rows }: Grid,
): Float64Array {
  const [sums, counts] = [new Float64Array(columns * rows), new Uint32Array(columns * rows)];
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    const [a, b, shade] = [x[place] as number, y[place] as number, shades[place] as number];
    if (Number.isNaN(a + b + shade)) continue;
    const cell = cellOf(b, rangeY, rows) * columns + cellOf(a, rangeX, columns);
    sums[cell] = (sums[cell] as number) + shade;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return sums.map((sum, cell) => (at(counts, cell) === 0 ? Number.NaN : sum / at(counts, cell)));
}

function withRange(values: Float64Array): NonNullable<Scatter['shade']> {
  const known = values.filter((value) => !Number.isNaN(value));
  const edge = (choose: (a: number, b: number) => number): number =>
    known.length === 0 ? 0 : known.reduce((a, b) => choose(a, b));
  return { values, range: [edge(Math.min), edge(Math.max)] };
}

/** Counts the pairs, and finds the ranges. Loops without functions, because a view waits for a million pairs. */
function bothOf(places: Int32Array, x: Float64Array, y: Float64Array): Both {
  let [count, lowX, highX, lowY, highY] = [0, Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    const [a, b] = [x[place] as number, y[place] as number];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    count++;
    if (a < lowX) lowX = a;
    if (a > highX) highX = a;
    if (b < lowY) lowY = b;
    if (b > highY) highY = b;
  }
  return count === 0
    ? { count, rangeX: [0, 0], rangeY: [0, 0] }
    : { count, rangeX: [lowX, highX], rangeY: [lowY, highY] };
}

function pointsOf(
  places: Int32Array,
  x: Float64Array,
  y: Float64Array,
  count: number,
): { index: Int32Array; x: Float64Array; y: Float64Array } {
  const points = { index: new Int32Array(count), x: new Float64Array(count), y: new Float64Array(count) };
  let point = 0;
  for (const [i, place] of places.entries()) {
    const [a, b] = [at(x, place), at(y, place)];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    points.index[point] = i;
    points.x[point] = a;
    points.y[point] = b;
    point++;
  }
  return points;
}

function densityOf(
  places: Int32Array,
  x: Float64Array,
  y: Float64Array,
  { rangeX, rangeY }: Both,
  { columns, rows }: Grid,
): Uint32Array {
  const counts = new Uint32Array(columns * rows);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    const [a, b] = [x[place] as number, y[place] as number];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    const cell = cellOf(b, rangeY, rows) * columns + cellOf(a, rangeX, columns);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}

function cellOf(value: number, [low, high]: Range, cells: number): number {
  return high === low ? 0 : Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells));
}
