import { must } from '../../base/pure/must';
import type { HashedRows } from '../../jsonl/compare/hashedRows';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Column } from '../../pairs/query/column';
import type { RowColumns } from '../../editor/rowColumns';
import type { Slices } from '../../editor/slices';

/** Rows that are asked of the threads together. */
const pageRows = 1 << 14;

/** What rows are compared by; 24 bytes a row. */
const hashed = ['row', 'prompt', 'answers'] as const;
const columnOf = (of: (typeof hashed)[number]): Column => ({ kind: 'number', number: { kind: 'hash', of } });
const hashColumns: readonly Column[] = hashed.map(columnOf);

/**
 * Computes the hashes that are not known yet of all rows of a document.
 *
 * @param report called with the share of the rows that are done, from 0 to 1
 * @throws the reason of the slices' signal when aborted, and errors of reading
 */
export async function hashRows(
  lines: LinesDocument,
  columns: RowColumns,
  slices: Slices,
  report: (share: number) => void,
): Promise<void> {
  await lines.whenIndexed();
  for (let from = 0; ;) {
    await slices.breathe();
    columns.use(hashColumns);
    const stored = columns.get(columnOf('row'));
    const rows: number[] = [];
    for (; from < lines.rowCount && rows.length < pageRows; from++) if (!stored.isKnown(from)) rows.push(from);
    if (rows.length === 0) return;
    const known = await columns.compute(rows, hashColumns);
    // After an edit in the meantime, rows that were passed may be unknown again.
    from = known === 0 ? 0 : must(rows[known - 1], 'the last row that is known') + 1;
    report(from / lines.rowCount);
  }
}

/** The hashes of a document of which {@link hashRows} has computed all. They change with the document. */
export function hashedRows(lines: LinesDocument, columns: RowColumns): HashedRows {
  columns.use(hashColumns);
  const stored = new Map(hashed.map((of) => [of as string, columns.get(columnOf(of))]));
  return {
    count: lines.rowCount,
    hash: (of, row) => {
      const value = must(stored.get(of), of).number(row);
      // Number columns have null for a row without the number.
      return value ?? Number.NaN;
    },
  };
}
