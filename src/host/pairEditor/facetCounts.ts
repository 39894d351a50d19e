import { MarginError } from '../../base/pure/marginError';
import { facetColumn, facetFields, isFacetField } from '../../pairs/query/facets';
import type { Facet } from '../../protocol/facets';
import type { RowColumns } from './rowColumns';
import { rowSource, type ViewFacts } from './rowSource';
import type { ShownRows } from './shownRows';
import { Slices } from './slices';

/** Rows that are counted together. */
const pageRows = 1 << 14;

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
 * @throws MarginError `no-facet` for a field that is not counted; the signal's reason when aborted
 */
export async function facetCounts(
  { shown, facts, columns }: CountedRows,
  fields: readonly string[],
  most: number,
  signal?: AbortSignal,
): Promise<Facet[]> {
  const wrong = fields.find((field) => !isFacetField(field));
  if (wrong !== undefined)
    throw new MarginError('no-facet', `${wrong} is not counted: choose ${facetFields.join(', ')}.`, { field: wrong });
  const slices = new Slices(signal);
  const needed = fields.flatMap((field) => facetColumn(field) ?? []);
  const counts = fields.map(() => new Map<string, number>());
  for (let from = 0; from < shown.length; from += pageRows) {
    const page = shown.page(from, pageRows);
    if (needed.length > 0) await computed(columns, page, needed, slices);
    columns.use(needed);
    const source = rowSource(facts, columns);
    for (const [i, field] of fields.entries()) {
      const count = counts[i] ?? new Map<string, number>();
      const column = facetColumn(field);
      const labels = column && source.labels(column);
      const known = column === null || field === 'problem' || field === 'severity' ? source.factTexts(field) : null;
      for (const row of page) {
        const own = labels?.(row) ?? [];
        const others = known?.(row) ?? [];
        for (const value of others.length > 0 ? new Set([...own, ...others]) : own)
          count.set(value, (count.get(value) ?? 0) + 1);
      }
      await slices.breathe();
    }
  }
  return fields.map((field, i) => facetOf(field, counts[i] ?? new Map(), most));
}

async function computed(
  columns: RowColumns,
  rows: readonly number[],
  needed: Parameters<RowColumns['compute']>[1],
  slices: Slices,
): Promise<void> {
  // Sorted rows are far apart, and neighbours are read together.
  const ascending = [...rows].sort((a, b) => a - b);
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
