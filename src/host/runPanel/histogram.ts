import { at } from '../../base/pure/must';
import type { PairsPage } from '../../protocol/runPanel';

/** Number of bars; each is about 20 px wide in a panel of usual width. */
const bins = 40;

/**
 * A histogram with bins of equal width. One edge is at 0, so that no bar holds values of both signs. Each bin holds
 * low ≤ value < high; NaN and infinities are left out.
 *
 * @returns n + 1 edges and n counts
 */
export function histogramOf(values: Float64Array): PairsPage['histogram'] {
  const numbers = values.filter(Number.isFinite);
  let [low, high] = [0, 0];
  for (const value of numbers) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const width = (high - low) / bins || 1;
  const below = Math.ceil(-low / width);
  const above = Math.floor(high / width) + 1;
  const counts = new Array<number>(below + above).fill(0);
  for (const value of numbers) {
    // Rounding may put a value just outside the first or last bin.
    const bin = Math.min(counts.length - 1, Math.max(0, below + Math.floor(value / width)));
    counts[bin] = at(counts, bin) + 1;
  }
  return { edges: Array.from({ length: counts.length + 1 }, (_, i) => (i - below) * width), counts };
}
