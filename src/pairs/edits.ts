/**
 * An edit of a list of lines, as data. Each edit holds the text that it replaces, so its inverse needs no document (as
 * in vscode-hexeditor's `hexDocumentModel`). Rows count from 0 in the list before the edit. A line is text without its
 * line end; in an array it is the text of an element, which may have line breaks.
 *
 * - `replace` gives row `row` the text `line`; `previous` is the text before.
 * - `insert` puts `lines` before `row`; `row` may be the length of the list.
 * - `delete` removes `lines.length` rows from `row` on; `lines` are their texts.
 * - `move` moves rows `from … from + count - 1` before row `to`, which lies outside them.
 *
 * `ends` has the line end of each of the `lines`, which it gets if another line comes after it. Files need it that mix
 * LF and CR LF, or that separate the elements of an array in several ways. Without `ends`, the lines get the line end
 * of most lines of the file.
 */
export type Edit =
  | { readonly op: 'replace'; readonly row: number; readonly line: string; readonly previous: string }
  | ({ readonly op: 'insert' } & Block)
  | ({ readonly op: 'delete' } & Block)
  | { readonly op: 'move'; readonly from: number; readonly count: number; readonly to: number };

interface Block {
  readonly row: number;
  readonly lines: readonly string[];
  readonly ends?: readonly string[];
}

/** The edit that undoes `edit`: `applyToLines(applyToLines(lines, edit), inverse(edit))` equals `lines`. */
export function inverse(edit: Edit): Edit {
  switch (edit.op) {
    case 'replace':
      return { op: 'replace', row: edit.row, line: edit.previous, previous: edit.line };
    case 'insert':
      return { ...edit, op: 'delete' };
    case 'delete':
      return { ...edit, op: 'insert' };
    case 'move':
      return edit.to <= edit.from
        ? { op: 'move', from: edit.to, count: edit.count, to: edit.from + edit.count }
        : { op: 'move', from: edit.to - edit.count, count: edit.count, to: edit.from };
  }
}

/**
 * The row where a line is after an edit; null if the edit deletes it.
 *
 * Line 5 is in row 6 after one line was inserted before row 2.
 */
export function rowAfter(row: number, edit: Edit): number | null {
  switch (edit.op) {
    case 'replace':
      return row;
    case 'insert':
      return row < edit.row ? row : row + edit.lines.length;
    case 'delete':
      if (row < edit.row) return row;
      return row < edit.row + edit.lines.length ? null : row - edit.lines.length;
    case 'move':
      return movedRow(row, edit.from, edit.count, edit.to);
  }
}

/** At `row`, some values are removed, and then some are added, as with `Array.splice`. */
export interface RowSplice {
  readonly row: number;
  readonly removed: number;
  readonly added: number;
}

/**
 * What an edit does to a list with one value a row: the splices, one after the other. `replace` needs none. A move
 * removes the values of its rows, and adds as many at their new place.
 */
export function splicesOf(edit: Edit): readonly RowSplice[] {
  switch (edit.op) {
    case 'replace':
      return [];
    case 'insert':
      return [{ row: edit.row, removed: 0, added: edit.lines.length }];
    case 'delete':
      return [{ row: edit.row, removed: edit.lines.length, added: 0 }];
    case 'move': {
      const { from, count, to } = edit;
      const place = to <= from ? to : to - count;
      return [
        { row: from, removed: count, added: 0 },
        { row: place, removed: 0, added: count },
      ];
    }
  }
}

/** The list after `edit`, as a copy; for short lists. {@link PieceTable} holds large ones. */
export function applyToLines(lines: readonly string[], edit: Edit): string[] {
  switch (edit.op) {
    case 'replace':
      return lines.with(edit.row, edit.line);
    case 'insert':
      return lines.toSpliced(edit.row, 0, ...edit.lines);
    case 'delete':
      return lines.toSpliced(edit.row, edit.lines.length);
    case 'move': {
      const block = lines.slice(edit.from, edit.from + edit.count);
      const rest = lines.toSpliced(edit.from, edit.count);
      return rest.toSpliced(edit.to <= edit.from ? edit.to : edit.to - edit.count, 0, ...block);
    }
  }
}

function movedRow(row: number, from: number, count: number, to: number): number {
  const end = from + count;
  if (row >= from && row < end) return to <= from ? row - (from - to) : row + (to - end);
  if (row >= to && row < from) return row + count;
  if (row >= end && row < to) return row - count;
  return row;
}
