import { facetQuery } from '../query/facets';
import type { Bar, Chart } from './chart';
import type { Counts } from './measuredPage';

/** Most bars of a chart of values. */
const mostBars = 20;

/** Counts of values, and the query that finds the rows of one; null if the filter cannot say it. */
export interface ValueSeries {
  readonly name: string;
  readonly counts: Counts;
  readonly query: (value: string) => string | null;
}

/** A chart of the most frequent values; null if there are none. */
export function valueChart(
  { id, title, about }: Pick<Chart, 'id' | 'title' | 'about'>,
  series: readonly ValueSeries[],
  facts: readonly string[] = [],
): Chart | null {
  const maps = series.map(({ counts }) => new Map(counts));
  const totals = new Map<string, number>();
  for (const { counts } of series)
    for (const [value, count] of counts) totals.set(value, (totals.get(value) ?? 0) + count);
  if (totals.size === 0) return null;
  const sorted = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const rest = sorted.slice(mostBars).reduce((sum, [, count]) => sum + count, 0);
  const others = `${sorted.length - mostBars} more values, ${rest.toLocaleString('en')} times in all, are not shown.`;
  return {
    id,
    title,
    about,
    kind: 'values',
    series: series.map(({ name }) => name),
    bars: sorted.slice(0, mostBars).map(([value]): Bar => ({
      label: value,
      from: null,
      to: null,
      counts: maps.map((counts) => counts.get(value) ?? 0),
      queries: series.map(({ query }) => query(value)),
    })),
    facts: [...(sorted.length > mostBars ? [others] : []), ...facts],
  };
}

/** The series of a field of the filter. */
export function fieldSeries(field: string, counts: Counts): ValueSeries {
  return { name: 'rows', counts, query: (value) => facetQuery(field, value) };
}
