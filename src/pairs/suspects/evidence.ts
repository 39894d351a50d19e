import { at } from '../../base/pure/must';
import type { RowSignals } from './signals';

/** What the margins of a row say together. All are in units of the typical margin of their measurement. */
export interface Evidence {
  /** [measurements] null where the pair was not scored. */
  readonly scaled: readonly (number | null)[];
  /** The mean. */
  readonly mean: number;
  /** The standard deviation over the measurements; 0 for one. */
  readonly spread: number;
  /** Measurements with a margin below 0, and all that scored the row. */
  readonly below: number;
  readonly measured: number;
  /** Whether two runs differ in the sign of their mean margin. */
  readonly runsDisagree: boolean;
}

/**
 * The evidence of each row. Each measurement is divided by the root of its mean square, which keeps 0 where it is, so a
 * late step with wide margins counts as much as an early one. The mean and spread over training are the axes of data
 * maps (Swayamdipta et al. 2020, arXiv:2009.10795).
 *
 * @param runs [measurements] the index of the run of each
 */
export function evidenceOf(rows: readonly RowSignals[], runs: readonly number[]): Evidence[] {
  const scales = runs.map((_, j) => {
    const margins = rows.flatMap(({ margins: all }) => all[j] ?? []);
    const square = margins.reduce((sum, margin) => sum + margin * margin, 0) / Math.max(1, margins.length);
    // The model before training has margins of 0 only.
    return square === 0 ? 1 : Math.sqrt(square);
  });
  return rows.map(({ margins }) => evidenceIn(margins, scales, runs));
}

function evidenceIn(margins: readonly (number | null)[], scales: readonly number[], runs: readonly number[]): Evidence {
  const byRun = new Map<number, number>();
  const scaled = margins.map((margin, j) => (margin === null ? null : margin / at(scales, j)));
  const values = scaled.flatMap((value, j) => {
    if (value === null) return [];
    const run = at(runs, j);
    byRun.set(run, (byRun.get(run) ?? 0) + value);
    return [value];
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sums = [...byRun.values()];
  return {
    scaled,
    mean,
    spread: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
    below: values.filter((value) => value < 0).length,
    measured: values.length,
    runsDisagree: sums.some((sum) => sum < 0) && sums.some((sum) => sum > 0),
  };
}
