import { at } from '../../base/pure/must';

/** How much a disagreement between two categories counts: all the same, or by their distance or its square. */
const kappaWeights = ['none', 'linear', 'quadratic'] as const;
export type KappaWeights = (typeof kappaWeights)[number];

/**
 * Cohen's κ of two annotators: 1 − Σ w·observed / Σ w·expected (Cohen 1960; weighted, Cohen 1968). The distance of two
 * categories is that of their indexes, as in scikit-learn's `cohen_kappa_score`.
 *
 * @param table [categories][categories] the number of items
 * @returns null if it is not defined: there is no item, or both always said the same one
 */
export function cohenKappa(table: readonly (readonly number[])[], weights: KappaWeights): number | null {
  const rows = table.map(sum);
  const columns = table.map((_, j) => sum(table.map((row) => at(row, j))));
  const total = sum(rows);
  let [observed, expected] = [0, 0];
  for (const [i, row] of table.entries())
    for (const [j, count] of row.entries()) {
      const weight = weightOf(i - j, weights);
      observed += weight * count;
      expected += (weight * at(rows, i) * at(columns, j)) / total;
    }
  return expected > 0 ? 1 - observed / expected : null;
}

/** The share of items of which both annotators said the same; null without items. */
export function rawAgreement(table: readonly (readonly number[])[]): number | null {
  const total = sum(table.map(sum));
  return total === 0 ? null : sum(table.map((row, i) => at(row, i))) / total;
}

function weightOf(distance: number, weights: KappaWeights): number {
  if (weights === 'none') return distance === 0 ? 0 : 1;
  return weights === 'linear' ? Math.abs(distance) : distance ** 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
