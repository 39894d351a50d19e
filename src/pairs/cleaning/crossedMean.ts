import { at } from '../../base/pure/must';
import { tQuantile, twoSided } from './studentT';

/** A mean with its 95 % interval, and how likely it would be that far from 0 by chance. */
export interface CrossedMean {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided. */
  readonly p: number;
  /** The square of the standard error. */
  readonly variance: number;
}

/**
 * The mean of values that are known for each seed and each row. Other seeds and other rows would give another mean, so
 * its variance is that of a two-way layout with random rows and random seeds (Scheffé 1959, "The analysis of variance",
 * ch. 7; degrees of freedom by Satterthwaite 1946). For differences it is a paired test.
 *
 * Where nearly all values are the same, their variance says too little: it is taken as at least that of one row more on
 * either side (Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions").
 *
 * @param values [seeds][rows] from −1 to 1; at least one seed and two rows
 */
export function crossedMean(values: readonly Float64Array[]): CrossedMean {
  const [seeds, rows] = [values.length, at(values, 0).length];
  const bySeed = values.map((own) => own.reduce((sum, value) => sum + value, 0) / rows);
  const byRow = Float64Array.from(
    { length: rows },
    (_, row) => values.reduce((sum, own) => sum + at(own, row), 0) / seeds,
  );
  const mean = bySeed.reduce((sum, one) => sum + one, 0) / seeds;
  const squares = (means: Iterable<number>): number => {
    let sum = 0;
    for (const one of means) sum += (one - mean) ** 2;
    return sum;
  };
  const ofRows = (seeds * squares(byRow)) / (rows - 1);
  const { square, freedom } =
    seeds === 1
      ? { square: ofRows, freedom: rows - 1 }
      : crossed(ofRows, (rows * squares(bySeed)) / (seeds - 1), restOf(values, bySeed, byRow, mean), rows, seeds);
  const variance = Math.max(square / (rows * seeds), 2 / rows ** 2);
  const error = Math.sqrt(variance);
  const half = tQuantile(0.05, freedom) * error;
  return { mean, low: mean - half, high: mean + half, p: twoSided(mean / error, freedom), variance };
}

/** The mean square of what neither row nor seed explains. */
function restOf(values: readonly Float64Array[], bySeed: readonly number[], byRow: Float64Array, mean: number): number {
  let sum = 0;
  for (const [seed, own] of values.entries())
    for (const [row, value] of own.entries()) sum += (value - at(bySeed, seed) - at(byRow, row) + mean) ** 2;
  return sum / ((values.length - 1) * (byRow.length - 1));
}

/** The mean square of the mean, with its degrees of freedom; at least that of the rows alone and of the seeds alone. */
function crossed(
  ofRows: number,
  ofSeeds: number,
  rest: number,
  rows: number,
  seeds: number,
): { readonly square: number; readonly freedom: number } {
  const both = ofRows + ofSeeds - rest;
  if (both <= ofRows) return { square: ofRows, freedom: rows - 1 };
  if (both <= ofSeeds) return { square: ofSeeds, freedom: seeds - 1 };
  const spread = ofRows ** 2 / (rows - 1) + ofSeeds ** 2 / (seeds - 1) + rest ** 2 / ((rows - 1) * (seeds - 1));
  return { square: both, freedom: Math.max(seeds - 1, both ** 2 / spread) };
}
