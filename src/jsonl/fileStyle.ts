import type { Edit } from '../pairs/edits';
import type { LineSource, PieceTable } from '../pairs/pieceTable';
import type { Frame, RowIndex, RowLayout } from './rowIndex';

/**
 * How a file ended its rows when it was opened. Each save writes the file in this style, so that undoing all edits
 * gives the original bytes even after saves in between.
 */
export interface FileStyle {
  readonly layout: RowLayout;
  readonly frame: Frame;
  /** The end of new rows. */
  readonly lineEnd: string;
  /** Whether the last row has an end. */
  readonly finalNewline: boolean;
  /** The end that the last row gets if another row comes after it, in a file whose last row has none. */
  readonly lastEnd: string;
}

/** The style of a file whose rows are all known. */
export function styleOf(index: RowIndex): FileStyle {
  const { layout, frame, lineEnd, finalNewline } = index;
  return { layout, frame, lineEnd, finalNewline, lastEnd: lineEnd };
}

/** The end of a row (from 0) of the file, if another row comes after it. */
export function endOf(row: number, index: RowIndex, style: FileStyle): string {
  return index.endOf(row) ?? style.lastEnd;
}

/**
 * The style of a file after another program appended lines.
 *
 * @param index all lines of the file
 * @param known number of lines before; an empty file takes its style from the appended lines
 */
export function grownStyle(style: FileStyle, index: RowIndex, known: number): FileStyle {
  const lineEnd = known === 0 ? index.lineEnd : style.lineEnd;
  return { ...style, lineEnd, lastEnd: lineEnd, finalNewline: index.finalNewline };
}

/** Records unusual line ends in a deletion, so that undoing it after a save restores them. */
export function withEnds(edit: Edit, rows: PieceTable, index: RowIndex, style: FileStyle): Edit {
  if (edit.op !== 'delete' || edit.ends) return edit;
  const ends = edit.lines.map((_, i) => endOfRow(rows.at(edit.row + i), index, style));
  return ends.every((end) => end === style.lineEnd) ? edit : { ...edit, ends };
}

/** The end of a row, if another row comes after it. */
function endOfRow(source: LineSource, index: RowIndex, style: FileStyle): string {
  if (source.kind === 'text' && source.end !== undefined) return source.end;
  return source.base === null ? style.lineEnd : endOf(source.base, index, style);
}
