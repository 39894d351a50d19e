export type LineEnd = '\n' | '\r\n';

/**
 * Edits of a list of lines, as data. Each carries what it replaces, so that its inverse needs no document
 * (the model is vscode-hexeditor's `hexDocumentModel`). Rows count from 0 in the list as it stands before the edit.
 * A line is the text between two line ends, without them.
 *
 * - `insert` puts `lines` before `row`; `row` may be the length of the list.
 * - `ends` are the line ends of `lines` in a file that has both; without them a line gets the one that most lines have.
 * - `move` takes rows `from … from + count - 1` to before `to`, which lies outside them.
 */
export type Edit =
  | { readonly op: 'replace'; readonly row: number; readonly line: string; readonly previous: string }
  | ({ readonly op: 'insert' } & Block)
  | ({ readonly op: 'delete' } & Block)
  | { readonly op: 'move'; readonly from: number; readonly count: number; readonly to: number };

interface Block {
  readonly row: number;
  readonly lines: readonly string[];
  readonly ends?: readonly LineEnd[];
}

/** The edit that undoes `edit` on the list as `edit` left it. */
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

/** Where a row goes through an edit: its row afterwards, or null where the edit deletes it. */
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

/** The list after `edit`; for lists small enough to copy. */
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
