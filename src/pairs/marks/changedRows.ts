import { type Edit, rowAfter } from '../edits';

/** A row that edits changed: null before if it was inserted, null after if it was deleted. */
export interface ChangedRow {
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * The rows that are different after edits, each with its text before the first edit and after the last one. A row that
 * was changed back, deleted and put back, or only moved, is none of them.
 */
export function changedRows(edits: readonly Edit[]): readonly ChangedRow[] {
  let rows = new Map<number, ChangedRow & { readonly after: string }>();
  const deleted: (ChangedRow & { readonly last: string })[] = [];
  const move = (edit: Edit): void => {
    rows = new Map(
      [...rows].flatMap(([row, change]) => {
        const now = rowAfter(row, edit);
        return now === null ? [] : [[now, change] as const];
      }),
    );
  };
  for (const edit of edits) {
    switch (edit.op) {
      case 'replace': {
        const { before } = rows.get(edit.row) ?? { before: edit.previous };
        rows.set(edit.row, { before, after: edit.line });
        break;
      }
      case 'insert':
        move(edit);
        for (const [i, line] of edit.lines.entries()) {
          const back = deleted.findIndex(({ last }) => last === line);
          const { before } = back < 0 ? { before: null } : (deleted.splice(back, 1)[0] ?? { before: null });
          rows.set(edit.row + i, { before, after: line });
        }
        break;
      case 'delete':
        for (const [i, line] of edit.lines.entries()) {
          const { before } = rows.get(edit.row + i) ?? { before: line };
          if (before !== null) deleted.push({ before, after: null, last: line });
        }
        move(edit);
        break;
      case 'move':
        move(edit);
    }
  }
  const kept = [...rows].sort(([a], [b]) => a - b).map(([, change]) => change);
  return [...kept, ...deleted.map(({ before, after }) => ({ before, after }))].filter(
    ({ before, after }) => before !== after,
  );
}
