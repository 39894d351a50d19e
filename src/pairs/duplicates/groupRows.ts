import { type Edit, rowAfter } from '../edits';

/** A row of a group of duplicates. */
export interface ListedRow {
  /** From 0. */
  readonly row: number;
  /** Whether a row before it is its duplicate and stays. */
  readonly redundant: boolean;
}

/** The edits that delete rows, the last row first, so that each row has its number until it is deleted. */
export function deletions(rows: readonly { readonly row: number; readonly line: string }[]): Edit[] {
  const descending = rows.toSorted((a, b) => b.row - a.row);
  return descending.map(({ row, line }) => ({ op: 'delete', row, lines: [line] }));
}

/** Groups as they are after edits: rows have their new numbers, and a group with fewer than two rows is none. */
export function groupsAfter<Row extends ListedRow, Group extends { readonly rows: readonly Row[] }>(
  groups: readonly Group[],
  edits: readonly Edit[],
): Group[] {
  const after = (row: number): number | null =>
    edits.reduce<number | null>((now, edit) => (now === null ? null : rowAfter(now, edit)), row);
  return groups.flatMap((group) => {
    const rows = group.rows.flatMap((one) => {
      const row = after(one.row);
      return row === null ? [] : [{ ...one, row }];
    });
    return rows.length < 2 ? [] : [{ ...group, rows }];
  });
}
