import { at } from '../../../base/pure/must';
import type { Histogram } from '../../../protocol/runPanel';

/** Number of bars; each is about 20 px wide in a panel of usual width. */
const bins = 40;

/** Bins of equal width. One edge is at 0, so that no bin holds values of both signs. */
export interface Bins {
  readonly edges: readonly number[];
  /** Of each value its bin; -1 for NaN and infinities. */
  readonly binOf: (value: number) => number;
}

/** Bins for some values. Each holds low ≤ value < high. */
export function binsOf(values: Float64Array): Bins {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const width = (high - low) / bins || 1;
  const below = Math.ceil(-low / width);
  const count = below + Math.floor(high / width) + 1;
  // Rounding may put a value just outside the first or last bin.
  const binOf = (value: number): number =>
    Number.isFinite(value) ? Math.min(count - 1, Math.max(0, below + Math.floor(value / width))) : -1;
  return { edges: Array.from({ length: count + 1 }, (_, i) => (i - below) * width), binOf };
}

/** @param shown the places of the values that a filter shows */
export function histogramOf(values: Float64Array, { edges, binOf }: Bins, shown: Int32Array): Histogram {
  const [counts, kept] = [new Array<number>(edges.length - 1).fill(0), new Array<number>(edges.length - 1).fill(0)];
  const add = (to: number[], value: number): void => {
    const bin = binOf(value);
    if (bin >= 0) to[bin] = at(to, bin) + 1;
  };
  for (const value of values) add(counts, value);
  for (const place of shown) add(kept, at(values, place));
  return { edges, counts, shown: kept };
}
