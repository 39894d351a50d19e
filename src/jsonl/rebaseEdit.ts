import type { Edit } from '../pairs/edits';
import type { RowHunk } from './rowDiff';

/** An edit on the rows that another program left, and its hunks on the rows that the edit leaves. */
export interface Rebased {
  readonly edit: Edit;
  readonly hunks: readonly RowHunk[];
}

/**
 * Rebases an edit onto the rows that another program left ("operational transformation"): the edit on the rows before,
 * then the returned hunks, gives the same rows as the given hunks, then the returned edit. Where both add rows at one
 * place, those of the edit come first.
 *
 * @param hunks ascending, on the rows before the edit
 * @returns null if both touch the same rows: the edit changes, removes or moves a row that the other program changed or
 *   removed, or one of them adds rows in the middle of what the other one changed
 */
export function rebaseEdit(edit: Edit, hunks: readonly RowHunk[]): Rebased | null {
  switch (edit.op) {
    case 'replace':
      if (touches(hunks, edit.row, 1)) return null;
      return { edit: { ...edit, row: rowOver(hunks, edit.row) }, hunks };
    case 'insert':
      if (isInside(hunks, edit.row)) return null;
      return {
        edit: { ...edit, row: placeOver(hunks, edit.row) },
        hunks: shifted(hunks, (start) => (start >= edit.row ? start + edit.lines.length : start)),
      };
    case 'delete': {
      const count = edit.lines.length;
      if (touches(hunks, edit.row, count)) return null;
      return {
        edit: { ...edit, row: rowOver(hunks, edit.row) },
        hunks: shifted(hunks, (start) => (start >= edit.row + count ? start - count : start)),
      };
    }
    case 'move':
      return rebaseMove(edit, hunks);
  }
}

/** The row that a row becomes; null if it was changed or removed. */
export function rowAfterHunks(row: number, hunks: readonly RowHunk[]): number | null {
  return touches(hunks, row, 1) ? null : rowOver(hunks, row);
}

function rebaseMove(edit: Extract<Edit, { op: 'move' }>, hunks: readonly RowHunk[]): Rebased | null {
  const { from, count, to } = edit;
  // Moves nothing: what the other program adds at either end stays there.
  if (to === from || to === from + count) {
    const row = rowOver(hunks, from);
    return touches(hunks, from, count) ? null : { edit: { ...edit, from: row, to: row }, hunks };
  }
  if (touches(hunks, from, count) || isInside(hunks, to)) return null;
  const target = to <= from ? to : to - count;
  const after = shifted(hunks, (start) => {
    const without = start >= from + count ? start - count : start;
    return without >= target ? without + count : without;
  });
  return { edit: { ...edit, from: rowOver(hunks, from), to: placeOver(hunks, to) }, hunks: after };
}

/** Whether hunks change one of the rows `row … row + count - 1`, or add rows between them. */
function touches(hunks: readonly RowHunk[], row: number, count: number): boolean {
  return hunks.some((hunk) => hunk.start < row + count && hunk.start + hunk.count > row);
}

/** Whether the place before a row is in the middle of a hunk. */
function isInside(hunks: readonly RowHunk[], row: number): boolean {
  return hunks.some(({ start, count }) => start < row && row < start + count);
}

/** The new number of a row that the hunks do not touch: added and removed rows before it shift it. */
function rowOver(hunks: readonly RowHunk[], row: number): number {
  return hunks.reduce((now, { start, count, added }) => (start + count <= row ? now + added - count : now), row);
}

/** The new number of the place before a row. Rows that the hunks add at exactly this place come after it. */
function placeOver(hunks: readonly RowHunk[], row: number): number {
  return hunks.reduce((now, { start, count, added }) => {
    const before = count > 0 ? start + count <= row : start < row;
    return before ? now + added - count : now;
  }, row);
}

/** The hunks stay in order: an edit that touches none of them shifts them by what it adds or removes before them. */
function shifted(hunks: readonly RowHunk[], start: (row: number) => number): RowHunk[] {
  return hunks.map((hunk) => ({ ...hunk, start: start(hunk.start) }));
}
