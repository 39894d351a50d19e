import { at } from '../../base/pure/must';

/** The fewest points that make a trend. */
export const enoughPoints = 8;

/** The values of a column without gaps; none if the run does not log that metric. */
export function valuesOf(column: Float64Array | undefined): readonly number[] {
  return column === undefined ? [] : Array.from(column).filter((value) => !Number.isNaN(value));
}

/** The mean of the first tenth of the values, of at least four; NaN without values. */
export function early(values: readonly number[]): number {
  return mean(values.slice(0, window(values)));
}

/** The mean of the last tenth of the values, of at least four; NaN without values. */
export function late(values: readonly number[]): number {
  return mean(values.slice(-window(values)));
}

/** The mean; NaN without values. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value; NaN without values. */
export function median(values: readonly number[]): number {
  return values.length === 0
    ? Number.NaN
    : at(
        values.toSorted((a, b) => a - b),
        Math.floor(values.length / 2),
      );
}

const window = (values: readonly number[]): number => Math.max(enoughPoints / 2, Math.floor(values.length / 10));
