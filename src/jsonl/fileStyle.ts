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
