import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { Column } from '../pairs/query/column';
import { facetColumn, facetFields, isFacetField } from '../pairs/query/facets';
import { fieldNamed } from '../pairs/query/fields';
import type { Facet, FacetsSoFar } from '../protocol/facets';
import type { RowColumns } from './rowColumns';
import { rowSource, type ViewFacts } from './rowSource';
import type { ShownRows } from './shownRows';
import { Slices } from './slices';

/** Rows that are counted together. */
const pageRows = 1 << 14;

/** Milliseconds between two reports of counts so far. */
const reportMs = 250;

/** What the counts of a view are made from. */
export interface CountedRows {
  readonly shown: ShownRows;
  readonly facts: ViewFacts;
  readonly columns: RowColumns;
}

/**
 * Counts the values of fields in the rows that a view shows, in their present order.
 *
 * @param most most values of each field
 * @param soFar gets the counts of the first rows, a few times a second
 * @throws MarginError `no-facet` for a field that is not counted; the signal's reason when aborted
 */
export async function facetCounts(
  { shown, facts, columns }: CountedRows,
  fields: readonly string[],
  most: number,
  signal?: AbortSignal,
  soFar?: (counts: FacetsSoFar) => void,
): Promise<Facet[]> {
  const wrong = fields.find((field) => !isFacetField(field));
  if (wrong !== undefined)
    throw new MarginError('no-facet', `${wrong} is not counted: choose ${facetFields.join(', ')}.`, { field: wrong });
  const slices = new Slices(signal);
  const counters = fields.map((field) => new Counter(field));
  const needed = counters.flatMap(({ column }) => column ?? []);
  const found = (): Facet[] => counters.map((counter) => facetOf(counter.field, counter.counts, most));
  let reported = performance.now();
  for (let from = 0; from < shown.length; from += pageRows) {
    const page = shown.page(from, pageRows);
    if (needed.length > 0) await computed(columns, page, needed, slices);
    columns.use(needed);
    for (const counter of counters) {
      counter.add(page, facts, columns);
      await slices.breathe();
    }
    if (!soFar || performance.now() - reported < reportMs) continue;
    reported = performance.now();
    soFar({ facets: found(), share: Math.min(1, (from + pageRows) / shown.length) });
  }
  return found();
}

const none: readonly string[] = [];

/** Counts the values of a field. Rows share few different lists of values, so that the lists are counted first. */
class Counter {
  /** Null if the values are known without the row. */
  readonly column: Column | null;
  private readonly lists = new Map<readonly string[], number>();
  private readonly others = new Map<string, number>();

  constructor(readonly field: string) {
    this.column = facetColumn(field);
  }

  add(rows: readonly number[], facts: ViewFacts, columns: RowColumns): void {
    const { field, column } = this;
    if (column) columns.get(column).countLabels(rows, this.lists);
    if (column && fieldNamed(field)?.from !== 'both') return;
    const source = rowSource(facts, columns);
    const known = source.factTexts(field);
    const own = column && source.labels(column);
    for (const row of rows) {
      const values = known(row);
      if (values.length > 0) this.addOthers(values, own?.(row) ?? none);
    }
  }

  get counts(): ReadonlyMap<string, number> {
    const counts = new Map(this.others);
    for (const [values, count] of this.lists)
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + count);
    return counts;
  }

  /** Counts the values that are known without the row, except those that the row itself has. */
  private addOthers(values: readonly string[], own: readonly string[]): void {
    for (const value of values.length > 1 ? new Set(values) : values)
      if (!own.includes(value)) this.others.set(value, (this.others.get(value) ?? 0) + 1);
  }
}

async function computed(
  columns: RowColumns,
  rows: readonly number[],
  needed: readonly Column[],
  slices: Slices,
): Promise<void> {
  // Sorted rows are far apart, and neighbours are read together.
  const isAscending = rows.every((row, i) => i === 0 || row > at(rows, i - 1));
  const ascending = isAscending ? rows : rows.toSorted((a, b) => a - b);
  for (let from = 0; from < ascending.length;) {
    await slices.breathe();
    from += await columns.compute(ascending.slice(from), needed);
  }
}

function facetOf(field: string, counts: ReadonlyMap<string, number>, most: number): Facet {
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const values = sorted.slice(0, most).map(([value, count]) => ({ value, count }));
  return { field, values, more: sorted.length - values.length };
}
