/** A third number of points or cells, with its range; NaN where there is none. */
export interface Shade {
  readonly values: Float64Array;
  readonly range: readonly [number, number];
}

/** Steps of a scale of colours: more are hard to tell apart. */
export const shadeSteps = 5;

/** The step of a value on a scale, from 0; null if it has none. */
export function shadeOf({ range: [low, high] }: Shade, value: number): number | null {
  if (Number.isNaN(value)) return null;
  return high === low ? 0 : Math.min(shadeSteps - 1, Math.floor(((value - low) / (high - low)) * shadeSteps));
}

/**
 * A colour of the scale from blue over green to yellow, whose ends people with colour vision deficiency tell apart. It
 * leaves out grey, which means that there is no number.
 *
 * @param step from 0
 */
export function shadeColour(low: string, high: string, step: number): string {
  return `color-mix(in oklch, ${high} ${(100 * step) / (shadeSteps - 1)}%, ${low})`;
}
