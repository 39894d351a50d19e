import { at } from '../../base/pure/must';
import { type Bin, binning, countsIn, meanOf, quantileOf } from './binning';
import type { Bar, Chart } from './chart';

/** Numbers of rows, and the sum of the filter language that computes them: `len(chosen)`. */
export interface NumberSeries {
  readonly name: string;
  readonly sum: string;
  readonly values: Float64Array;
}

/** A chart of the distribution of numbers; null if there are none. */
export function numberChart(
  { id, title, about }: Pick<Chart, 'id' | 'title' | 'about'>,
  series: readonly NumberSeries[],
  rows: number,
): Chart | null {
  const sorted = series.map(({ values }) => values.toSorted());
  const all = Float64Array.from(sorted.flatMap((values) => [...samples(values)])).sort();
  if (all.length === 0) return null;
  const bins = binning(withEnds(all, sorted));
  const areWhole = sorted.every((values) => values.every(Number.isInteger));
  const counts = sorted.map((values) => countsIn(values, bins));
  return {
    id,
    title,
    about,
    kind: 'numbers',
    series: series.map(({ name }) => name),
    bars: bins.bins.map((bin, i): Bar => ({
      label: binLabel(bin, areWhole),
      ...bin,
      counts: counts.map((own) => at(own, i)),
      queries: series.map(({ sum }) => binQuery(sum, bin, areWhole)),
    })),
    facts: series.flatMap(({ name }, i) => factsOf(series.length > 1 ? name : '', at(sorted, i), rows)),
  };
}

/** Quantiles of a large series: bins need no more. */
const mostSamples = 20_000;

function samples(sorted: Float64Array): Float64Array {
  if (sorted.length <= mostSamples) return sorted;
  return Float64Array.from({ length: mostSamples }, (_, i) =>
    at(sorted, Math.floor((i * sorted.length) / mostSamples)),
  );
}

/** The samples with the smallest and the largest number, which must have a bin. */
function withEnds(all: Float64Array, sorted: readonly Float64Array[]): Float64Array {
  const ends = sorted
    .filter(({ length }) => length > 0)
    .flatMap((values) => [at(values, 0), at(values, values.length - 1)]);
  return Float64Array.from([...all, ...ends]).sort();
}

function factsOf(name: string, sorted: Float64Array, rows: number): string[] {
  const start = name === '' ? '' : `${name}: `;
  if (sorted.length === 0) return [`${start}no row has it`];
  const [q1, q2, q9, last] = [0.25, 0.5, 0.9, 1].map((share) => plain(quantileOf(sorted, share)));
  const mean = plain(Number(meanOf(sorted).toPrecision(4)));
  const missing = rows - sorted.length;
  const without = missing > 0 ? `; ${missing.toLocaleString('en')} rows without` : '';
  return [`${start}median ${q2}, mean ${mean}, 25 % up to ${q1}, 90 % up to ${q9}, largest ${last}${without}`];
}

/** `100–199`, `below 0`, `2,000 and more`. */
function binLabel({ from, to }: Bin, areWhole: boolean): string {
  if (from === null) return to === null ? 'all' : `below ${plain(to)}`;
  if (to === null) return `${plain(from)} and more`;
  if (from === to) return plain(from);
  const last = areWhole ? to - 1 : to;
  if (last === from) return plain(from);
  return from < 0 ? `${plain(from)} to ${plain(last)}` : `${plain(from)}–${plain(last)}`;
}

/** The query that finds the rows with a number in a bin. */
function binQuery(sum: string, { from, to }: Bin, areWhole: boolean): string {
  if (from === null) return to === null ? '' : `${sum}<${to}`;
  if (to === null) return `${sum}>=${from}`;
  if (from === to || (areWhole && to - from === 1)) return `${sum}=${from}`;
  return areWhole ? `${sum}>=${from} ${sum}<=${to - 1}` : `${sum}>=${from} ${sum}<${to}`;
}

function plain(value: number): string {
  const text = Math.abs(value).toLocaleString('en', { maximumSignificantDigits: 6 });
  return value < 0 ? `−${text}` : text;
}
