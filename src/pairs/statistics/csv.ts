import { at } from '../../base/pure/must';
import { csvLines } from '../csvLines';
import type { Chart } from './chart';

/** The bars of charts as CSV (RFC 4180), a line for each count. */
export function chartsAsCsv(charts: readonly Chart[]): string {
  const lines = charts.flatMap(({ title, series, bars }) =>
    bars.flatMap(({ label, from, to, counts, queries }) =>
      series.map((name, i) => [title, name, label, from, to, at(counts, i), queries[i] ?? null]),
    ),
  );
  return csvLines([['chart', 'series', 'value', 'from', 'to', 'count', 'filter'], ...lines]);
}
