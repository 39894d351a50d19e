import { indexAt, type Line } from './lines';
import type { Range } from './series';

/** Free space above and below a line, as a share of its range. */
const margin = 0.06;
/** With `clip`, the range holds the middle of the values without this share at each end. */
const clippedShare = 0.02;
/** Values per line that the quantiles are taken from, evenly spread. */
const sampled = 500;

/** The range of an axis for values from `low` to `high`. */
export function axisRange(low: number, high: number): Range {
  const space = (high - low || Math.abs(high) || 1) * margin;
  return [low - space, high + space];
}

/** The same on a logarithmic axis, for values above 0. */
export function logRange(low: number, high: number): Range {
  const factor = high > low ? (high / low) ** margin : 1.5;
  return [low / factor, high * factor];
}

/** A logarithmic axis of values needs values above 0 everywhere. */
export function canBeLog(lines: readonly Line[]): boolean {
  return lines.every(({ raw }) => {
    if (raw.values.length === 0) return true;
    raw.find(0, raw.values.length);
    return (raw.values[raw.low] as number) > 0;
  });
}

/** The lowest and the highest value of the lines within a range of x; null if there is no point. */
export function valueRange(lines: readonly Line[], across: Range, clip: boolean): Range | null {
  let range: Range | null = null;
  for (const line of lines) {
    const from = indexAt(line.x, across[0]);
    const to = Math.min(line.x.length, lastIndex(line.x, across[1]));
    if (from >= to) continue;
    for (const column of line.bold === line.raw ? [line.raw] : [line.raw, line.bold]) {
      const [low, high] = clip ? middle(column.values, from, to) : ends(column, from, to);
      range = range === null ? [low, high] : [Math.min(range[0], low), Math.max(range[1], high)];
    }
  }
  return range;
}

/** The index after the last point at `x` or before it. */
export function lastIndex(column: Float64Array, x: number): number {
  let index = indexAt(column, x);
  while (column[index] === x) index++;
  return index;
}

function ends(column: Line['raw'], from: number, to: number): Range {
  const [low, high] = [new Float64Array(1), new Float64Array(1)];
  column.measure(Uint32Array.of(from, to), 1, low, high);
  return [low[0] as number, high[0] as number];
}

function middle(values: Float64Array, from: number, to: number): Range {
  const step = Math.max(1, Math.floor((to - from) / sampled));
  const sample = Float64Array.from(
    { length: Math.ceil((to - from) / step) },
    (_, i) => values[from + i * step] as number,
  ).sort();
  const cut = Math.ceil(clippedShare * sample.length);
  if (sample.length < 10) return [sample[0] as number, sample.at(-1) as number];
  return [sample[cut] as number, sample[sample.length - 1 - cut] as number];
}
