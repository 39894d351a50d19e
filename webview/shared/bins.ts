import { at } from '../../src/base/pure/must';

/** The bin under a point of the histogram. @param share the point's distance from the left edge, from 0 to 1 */
export function binAt(share: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(share * bins)));
}

/** The margins from one bin to another, in either order. */
export function brushOf(edges: readonly number[], a: number, b: number): readonly [number, number] {
  return [at(edges, Math.min(a, b)), at(edges, Math.max(a, b) + 1)];
}

/** The bin that starts at a margin; the number of bins for a margin above all edges. */
export function binFrom(edges: readonly number[], margin: number): number {
  const found = edges.findIndex((edge) => edge >= margin);
  return found < 0 ? edges.length - 1 : found;
}

/**
 * A range as the filter language writes it, rounded to a thousandth of its width.
 *
 * @example rangeText(-1.2, -0.4) → '-1.2..-0.4'
 */
export function rangeText(low: number, high: number): string {
  const decimals = Math.min(20, Math.max(0, Math.ceil(3 - Math.log10(high - low))));
  const [from, to] = [low, high].map((bound) => bound.toFixed(decimals).replace(/\.?0+$/, ''));
  return `${from}..${to}`;
}
