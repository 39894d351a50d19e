import { at } from '../../base/pure/must';
import type { Coded } from './ratings';

/** How far apart two labels are: different or not, or by how many labels lie between them. */
export type AlphaLevel = 'nominal' | 'ordinal';

/**
 * Krippendorff's α of any number of annotators, with missing labels: 1 − observed / expected disagreement
 * (Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011). Items with fewer than two labels do not count.
 *
 * @param counts [patterns] the number of items of each pattern
 * @returns null if it is not defined: no item has two labels, or all labels are the same
 */
export function krippendorffAlpha(
  { categories, patterns }: Coded,
  counts: ArrayLike<number>,
  level: AlphaLevel,
): number | null {
  const size = categories.length;
  const coincidences = new Float64Array(size * size);
  for (const [i, codes] of patterns.entries()) {
    const said = codes.filter((code) => code >= 0);
    if (said.length < 2) continue;
    const share = at(counts, i) / (said.length - 1);
    for (const [a, one] of said.entries())
      for (const [b, other] of said.entries())
        if (a !== b) coincidences[one * size + other] = at(coincidences, one * size + other) + share;
  }
  const totals = categories.map((_, c) => sumOf(coincidences.subarray(c * size, (c + 1) * size)));
  const total = sumOf(totals);
  const distance = level === 'nominal' ? () => 1 : ordinalDistance(totals);
  let [observed, expected] = [0, 0];
  for (let c = 0; c < size; c++)
    for (let k = c + 1; k < size; k++) {
      const squared = distance(c, k);
      observed += at(coincidences, c * size + k) * squared;
      expected += at(totals, c) * at(totals, k) * squared;
    }
  return expected > 0 ? 1 - ((total - 1) * observed) / expected : null;
}

/** (Σ of the labels from c to k − half of both ends)². */
function ordinalDistance(totals: readonly number[]): (c: number, k: number) => number {
  const before = [0];
  for (const total of totals) before.push(at(before, before.length - 1) + total);
  return (c, k) => (at(before, k + 1) - at(before, c) - (at(totals, c) + at(totals, k)) / 2) ** 2;
}

function sumOf(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += at(values, i);
  return total;
}
