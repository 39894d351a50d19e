import type { PairsPage } from '../../protocol/runPanel';

/** Bars of the histogram; about 20 px each in a panel of usual width. */
const bins = 40;

/**
 * Equal bins that meet at 0, so that no bar holds both signs; each holds low ≤ value < high. Values that are no numbers
 * are left out.
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
    // Rounding may put a value just beside the outermost bins.
    const bin = Math.min(counts.length - 1, Math.max(0, below + Math.floor(value / width)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges: Array.from({ length: counts.length + 1 }, (_, i) => (i - below) * width), counts };
}
