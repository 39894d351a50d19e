import { at } from '../../../src/base/pure/must';
import type { Bounds } from './numberFields';

/**
 * The numbers from one bin to another, in either order. The first bin has no low bound, the last one no high bound, so
 * rounding loses no pair; a bound at 0 leaves out 0 itself.
 *
 * @param edges n + 1 edges of n bins
 */
export function binBounds(edges: readonly number[], a: number, b: number): Bounds {
  const [first, last] = [Math.min(a, b), Math.max(a, b)];
  const width = at(edges, 1) - at(edges, 0);
  const decimals = Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(width))));
  const edge = (index: number): number => Number(at(edges, index).toFixed(decimals));
  const high = last + 1 === edges.length - 1 ? null : edge(last + 1);
  return { low: first === 0 ? null : edge(first), high, isBelow: high !== null && (high === 0 || first === 0) };
}

/** The bin that holds a number; null if none does. */
export function binOf(edges: readonly number[], value: number): number | null {
  const bins = edges.length - 1;
  const found = edges.findLastIndex((edge) => edge <= value);
  if (bins < 1 || found < 0 || value > at(edges, bins)) return null;
  return Math.min(bins - 1, found);
}

/** Where bounds lie over the bins, as shares of the width from 0 to 1. */
export function shareOf(
  edges: readonly number[],
  { low, high }: Bounds,
): { readonly left: number; readonly right: number } {
  const [first, last] = [at(edges, 0), at(edges, edges.length - 1)];
  const share = (value: number): number => Math.min(1, Math.max(0, (value - first) / (last - first || 1)));
  return { left: low === null ? 0 : share(low), right: high === null ? 1 : share(high) };
}
