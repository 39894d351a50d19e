import { at } from '../../../base/pure/must';
import type { Histogram } from '../../../protocol/runPanel';

/** Number of bars; each is about 20 px wide in a panel of usual width. */
const bins = 40;

/** Bins of equal width. If 0 is among them it is an edge, so that no bin holds values of both signs. */
export interface Bins {
  readonly edges: readonly number[];
  /** Of each bin how many values it has. NaN and infinities are in none. */
  readonly counts: readonly number[];
  /** How many bins lie between the first one and 0 (below 0: it begins that far above 0), and how wide each is. */
  readonly below: number;
  readonly width: number;
}

/** Bins for some values: low ≤ value < high. Of whole numbers each bin holds as many. */
export function binsOf(values: Float64Array): Bins {
  const { low, high, isWhole } = rangeOf(values);
  const even = (high - low) / bins;
  const width = (isWhole ? Math.ceil(even) : even) || 1;
  const below = -Math.floor(low / width);
  const count = below + Math.floor(high / width) + 1;
  const edges = Array.from({ length: count + 1 }, (_, i) => (i - below) * width);
  return { edges, below, width, counts: countsIn({ edges, below, width }, values, null) };
}

/** The range of values, with 0 if that is not farther away than they are from each other. */
function rangeOf(values: Float64Array): { low: number; high: number; isWhole: boolean } {
  let [low, high, isWhole] = [Infinity, -Infinity, true];
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    isWhole &&= Number.isInteger(value);
  }
  if (low > high) return { low: 0, high: 0, isWhole };
  const isNear = Math.min(Math.abs(low), Math.abs(high)) <= high - low;
  const isRating = isWhole && high - low < bins;
  return isNear && !isRating ? { low: Math.min(0, low), high: Math.max(0, high), isWhole } : { low, high, isWhole };
}

/** @param shown the places of the values that a filter shows; null: all */
export function histogramOf(values: Float64Array, bins: Bins, shown: Int32Array | null): Histogram {
  const { edges, counts } = bins;
  return { edges, counts, shown: shown === null ? counts : countsIn(bins, values, shown) };
}

function countsIn(
  { edges, below, width }: Omit<Bins, 'counts'>,
  values: Float64Array,
  places: Int32Array | null,
): number[] {
  const counts = new Uint32Array(edges.length - 1);
  const length = places === null ? values.length : places.length;
  for (let i = 0; i < length; i++) {
    const value = values[places === null ? i : (places[i] as number)] as number;
    if (!Number.isFinite(value)) continue;
    // Rounding may put a value just outside the first or last bin.
    const bin = Math.min(counts.length - 1, Math.max(0, below + Math.floor(value / width)));
    counts[bin] = at(counts, bin) + 1;
  }
  return [...counts];
}
