/** Values of a line, null where a point has none. */
export type Column = readonly (number | null)[];

/** Free space above and below a line, as a share of its range. */
const margin = 0.06;

/** A column with null for NaN and infinities; empty for a metric that the run does not log. */
export function columnOf(values: Float64Array | undefined): Column {
  return values === undefined ? [] : Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

/** The value at a point, or the last one before it, because not each line has a value at each point. */
export function valueAt(column: Column, index: number | null): number | null {
  return column.slice(0, index === null ? column.length : index + 1).findLast((value) => value !== null) ?? null;
}

/** The range of an axis for values from `low` to `high`. */
export function axisRange(low: number, high: number): [number, number] {
  const space = (high - low || Math.abs(high) || 1) * margin;
  return [low - space, high + space];
}

/** The smallest positive tick of a logarithmic axis: its label needs the most decimals. At most 1. */
export function smallestTick(ticks: Column): number {
  return ticks.reduce<number>((least, tick) => (tick === null || tick <= 0 ? least : Math.min(least, tick)), 1);
}
