import { Extremes } from './extremes';
import type { Range, Series } from './series';
import { smooth } from './smooth';

/** A line as it is drawn: its finite points, and where it has values that are not finite. */
export interface Line {
  readonly series: Series;
  /** Ascending. */
  readonly x: Float64Array;
  /** The logged values. */
  readonly raw: Extremes;
  /** The smoothed values; `raw` itself if they are not smoothed. */
  readonly bold: Extremes;
  /** Weight of the smoothing in `bold`; 0: none. */
  readonly weight: number;
  /** Values of x with an infinite value or NaN. */
  readonly above: Float64Array;
  readonly below: Float64Array;
  readonly notNumbers: Float64Array;
}

const none = new Float64Array(0);

/**
 * The line of a series, or null if it has no point at all.
 *
 * @param weight of the smoothing
 * @param before the line that was drawn so far: what did not change is taken from it
 */
export function lineOf(series: Series, weight: number, before: Line | null): Line | null {
  const isSame = before !== null && before.series.x === series.x && before.series.y === series.y;
  const parts = isSame ? before : partsOf(series, false);
  const notNumbers = series.notNumbers ?? none;
  if (parts.x.length + parts.above.length + parts.below.length + notNumbers.length === 0) return null;
  const { x, raw, above, below } = parts;
  const used = series.exact === true || series.marked === true ? 0 : weight;
  const bold =
    used === 0 ? raw : isSame && before.weight === used ? before.bold : new Extremes(smooth(raw.values, used));
  return { series, x, raw, bold, weight: used, above, below, notNumbers };
}

type Parts = Pick<Line, 'x' | 'raw' | 'above' | 'below'>;

/** Sorts the points of a series by kind. If x goes back somewhere, as in a damaged file, it sorts them by x first. */
function partsOf(series: Series, isSorted: boolean): Parts {
  const finite = { x: new Float64Array(series.y.length), y: new Float64Array(series.y.length) };
  const above: number[] = [];
  const below: number[] = [];
  let count = 0;
  let last = -Infinity;
  for (let i = 0; i < series.y.length; i++) {
    const [x, y] = [series.x[i] as number, series.y[i] as number];
    if (Number.isNaN(y) || !Number.isFinite(x)) continue;
    if (x < last && !isSorted) return partsOf(sorted(series), true);
    last = x;
    if (Number.isFinite(y)) {
      finite.x[count] = x;
      finite.y[count++] = y;
    } else (y > 0 ? above : below).push(x);
  }
  const cut = (column: Float64Array): Float64Array => (count === column.length ? column : column.slice(0, count));
  return {
    x: cut(finite.x),
    raw: new Extremes(cut(finite.y)),
    above: Float64Array.from(above),
    below: Float64Array.from(below),
  };
}

function sorted({ x, y, ...rest }: Series): Series {
  const order = Array.from(x, (_, i) => i)
    .filter((i) => Number.isFinite(x[i]))
    .sort((a, b) => (x[a] as number) - (x[b] as number));
  const pick = (column: Float64Array): Float64Array => Float64Array.from(order, (i) => column[i] as number);
  return { ...rest, x: pick(x), y: pick(y) };
}

/** The index of the first point at `x` or after it; the count of points if there is none. */
export function indexAt(column: Float64Array, x: number, from = 0): number {
  // Neighbouring pixels have neighbouring points, so the search starts with short steps.
  let low = from;
  let high = from;
  for (let step = 1; high < column.length && (column[high] as number) < x; step *= 2) {
    low = high + 1;
    high += step;
  }
  high = Math.min(high, column.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The point at `x`, or the last one before it: not each line has a value at each point. Null before the first. */
export function pointAt({ x: column }: Pick<Line, 'x'>, x: number): number | null {
  const index = indexAt(column, x);
  if (column[index] === x) return index;
  return index === 0 ? null : index - 1;
}

/** The x of the point that is nearest to `x`; null if no line has a point. */
export function nearestX(lines: readonly Pick<Line, 'x'>[], x: number): number | null {
  let nearest: number | null = null;
  for (const { x: column } of lines) {
    const index = indexAt(column, x);
    for (const found of [column[index - 1], column[index]])
      if (found !== undefined && (nearest === null || Math.abs(found - x) < Math.abs(nearest - x))) nearest = found;
  }
  return nearest;
}

/** From the first point of all lines to the last, or null without any. On a logarithmic axis only points above 0. */
export function extentOf(lines: readonly Line[], logX: boolean): Range | null {
  let range: Range | null = null;
  for (const { x, above, below, notNumbers } of lines)
    for (const column of [x, above, below, notNumbers]) {
      const first = logX ? column[column.findIndex((value) => value > 0)] : column[0];
      const last = column.at(-1);
      if (first === undefined || last === undefined) continue;
      range = range === null ? [first, last] : [Math.min(range[0], first), Math.max(range[1], last)];
    }
  return range;
}
