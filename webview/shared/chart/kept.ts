import type { Extremes } from './extremes';
import { indexAt } from './lines';
import type { Range } from './series';

/** Maps x to pixels, on a linear or a logarithmic axis. */
export interface PixelScale {
  readonly range: Range;
  readonly log: boolean;
  /** Pixels at the two ends of the range. */
  readonly from: number;
  readonly to: number;
}

/** The pixel of a value. */
export function pixelOf({ range: [low, high], log, from, to }: PixelScale, value: number): number {
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return from + share * (to - from);
}

/** The value at a pixel. */
export function valueOf({ range: [low, high], log, from, to }: PixelScale, pixel: number): number {
  const share = (pixel - from) / (to - from);
  return log ? low * (high / low) ** share : low + share * (high - low);
}

/**
 * The points of a line that its picture needs: of each column of pixels the smallest and the largest value, and the
 * nearest points outside of the range. So the picture is the one that all points give, and no peak is lost. Few points
 * are all kept.
 *
 * @param into receives the indices, ascending
 * @returns their count
 */
export function keptPoints(x: Float64Array, y: Extremes, scale: PixelScale, into: Uint32Array): number {
  const [low, high] = scale.range;
  const pixels = Math.max(1, Math.round(scale.to - scale.from));
  const first = Math.max(0, indexAt(x, low) - 1);
  const after = indexAt(x, high);
  const end = Math.min(x.length, after + 1);
  let count = 0;
  if (end - first <= 2 * pixels) {
    for (let i = first; i < end; i++) into[count++] = i;
    return count;
  }
  into[count++] = first;
  let from = first + 1;
  for (let pixel = 1; pixel <= pixels && from < after; pixel++) {
    const to = pixel === pixels ? after : indexAt(x, valueOf(scale, scale.from + pixel), from);
    if (to <= from) continue;
    y.find(from, to);
    into[count++] = Math.min(y.low, y.high);
    if (y.low !== y.high) into[count++] = Math.max(y.low, y.high);
    from = to;
  }
  for (let i = Math.max(from, after); i < end; i++) into[count++] = i;
  return count;
}

/** The most indices that {@link keptPoints} gives. */
export const mostKept = (pixels: number): number => 2 * Math.ceil(pixels) + 8;
