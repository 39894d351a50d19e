import { type Edit, rowAfter } from '../pairs/edits';
import type { PieceTable } from '../pairs/pieceTable';
import type { RowHunk } from './rowDiff';
import type { UnsavedEdits } from './unsavedEdits';

/**
 * How the unsaved edits and what another program wrote go together.
 *
 * - `none`: the file has the rows that were read, so there is nothing to merge.
 * - `apart`: they touch different rows; `theirs` and `mine` are how many rows each side changed, added, removed or
 *   moved.
 * - `conflict`: they touch the same rows. `rows` are the edited ones, from 0 and ascending, and `deleted` counts those
 *   that an edit removed and the other program changed.
 * - `unknown`: they cannot be compared; `reason` is a sentence.
 */
export type MergePlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'apart'; readonly theirs: number; readonly mine: number }
  | { readonly kind: 'conflict'; readonly rows: readonly number[]; readonly deleted: number }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Plans a merge. @param hunks what another program changed in the rows of the file */
export function planMerge(unsaved: UnsavedEdits, hunks: readonly RowHunk[]): MergePlan {
  const { rows, edits } = unsaved;
  const over = unsaved.over(hunks);
  if (over.kind === 'apart') {
    const theirs = hunks.reduce((sum, { count, added }) => sum + Math.max(count, added), 0);
    return { kind: 'apart', theirs, mine: touchedRows(rows, edits) };
  }
  const both = [...replacedIn(rows, hunks)];
  const deleted = removedRows(rows).reduce((sum, removed) => sum + overlap(removed, hunks), 0);
  if (both.length > 0 || deleted > 0) return { kind: 'conflict', rows: both, deleted };
  const row = rowNow(edits, over.edit);
  return { kind: 'conflict', rows: row === null ? [] : [row], deleted: 0 };
}

/** Rows `start … end - 1` of the file. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

function touchedRows(rows: PieceTable, edits: readonly Edit[]): number {
  let touched = removedRows(rows).reduce((sum, { start, end }) => sum + end - start, 0);
  for (const run of rows.runs()) if (run.kind === 'text') touched++;
  for (const edit of edits) if (edit.op === 'move') touched += edit.count;
  return touched;
}

/** The rows, from 0, that took the place of rows that the other program changed or removed. */
function* replacedIn(rows: PieceTable, hunks: readonly RowHunk[]): Generator<number> {
  let row = 0;
  for (const run of rows.runs()) {
    const { base } = run.kind === 'text' ? run : { base: null };
    if (base !== null && overlap({ start: base, end: base + 1 }, hunks) > 0) yield row;
    row += run.kind === 'base' ? run.count : 1;
  }
}

/** The rows of the file that no row comes from any more. */
function removedRows(rows: PieceTable): Stretch[] {
  const there: Stretch[] = [];
  for (const run of rows.runs()) {
    if (run.kind === 'base') there.push({ start: run.start, end: run.start + run.count });
    else if (run.base !== null) there.push({ start: run.base, end: run.base + 1 });
  }
  there.sort((a, b) => a.start - b.start);
  there.push({ start: rows.baseRows, end: rows.baseRows });
  let end = 0;
  return there.flatMap((stretch) => {
    const gap = { start: end, end: stretch.start };
    ({ end } = stretch);
    return gap.end > gap.start ? [gap] : [];
  });
}

/** How many rows of a stretch the hunks change or remove. */
function overlap({ start, end }: Stretch, hunks: readonly RowHunk[]): number {
  return hunks.reduce(
    (sum, hunk) => sum + Math.max(0, Math.min(end, hunk.start + hunk.count) - Math.max(start, hunk.start)),
    0,
  );
}

/** Where the first row of an edit is after the edits that follow it; null if one of these removes it. */
function rowNow(edits: readonly Edit[], number: number): number | null {
  let row: number | null = null;
  for (const [i, edit] of edits.entries()) {
    if (i === number) row = edit.op === 'move' ? edit.to : edit.row;
    else if (row !== null) row = rowAfter(row, edit);
  }
  return row;
}
