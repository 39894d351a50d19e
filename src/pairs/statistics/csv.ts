import { at } from '../../base/pure/must';
import type { Chart } from './chart';

/** The bars of charts as CSV (RFC 4180), a line for each count. */
export function chartsAsCsv(charts: readonly Chart[]): string {
  const lines = charts.flatMap(({ title, series, bars }) =>
    bars.flatMap(({ label, from, to, counts, queries }) =>
      series.map((name, i) => [title, name, label, from, to, at(counts, i), queries[i] ?? null]),
    ),
  );
  return [['chart', 'series', 'value', 'from', 'to', 'count', 'filter'], ...lines]
    .map((line) => `${line.map(cell).join(',')}\r\n`)
    .join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  // A spreadsheet would run a text that begins as a formula does.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
