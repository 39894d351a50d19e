import { at } from '../../base/pure/must';
import type { FlipOdds, Rate } from './flipOdds';
import type { Histogram } from './histogram';
import type { RowSignals } from './signals';

/** The share of flipped labels among the rows that have a value in a column: of a source, annotator, or subset. */
export interface GroupRate extends Rate {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
}

/** The fewest rows for which a rate is told. */
const fewestGroupRows = 20;

/** The rates of the values of columns, highest first. Values with fewer than {@link fewestGroupRows} rows have none. */
export function groupRates(
  rows: readonly RowSignals[],
  columns: readonly string[],
  { centers, binOf }: Histogram,
  odds: FlipOdds,
): GroupRate[] {
  return columns.flatMap((column, c) => {
    const counts = new Map<string, Float64Array>();
    for (const [i, { groups }] of rows.entries()) {
      const value = groups[c] ?? null;
      if (value === null) continue;
      const own = counts.get(value) ?? new Float64Array(centers.length);
      const bin = at(binOf, i);
      own[bin] = at(own, bin) + 1;
      counts.set(value, own);
    }
    const rates = [...counts].flatMap(([value, own]) => {
      const total = own.reduce((sum, count) => sum + count, 0);
      return total < fewestGroupRows ? [] : [{ column, value, rows: total, ...odds.rateOf({ centers, counts: own }) }];
    });
    return rates.sort((a, b) => b.rate - a.rate);
  });
}
