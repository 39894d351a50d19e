import type { LineEnd } from '../pairs/edits';
import type { LineIndex } from './lineIndex';

/**
 * How a file ended its lines when it was opened. Each save writes the file in this style, so that undoing all edits
 * gives the original bytes even after saves in between.
 */
export interface FileStyle {
  /** The line end of new lines. */
  readonly lineEnd: LineEnd;
  /** Whether the last line has a line end. */
  readonly finalNewline: boolean;
  readonly byteOrderMark: boolean;
  /** The line end that the last line gets if another line comes after it, in a file without a final line end. */
  readonly lastEnd: LineEnd;
}

/** The style of a file whose lines are all known. */
export function styleOf(index: LineIndex): FileStyle {
  const { lineEnd, finalNewline } = index;
  return { lineEnd, finalNewline, byteOrderMark: index.bomLength > 0, lastEnd: lineEnd };
}

/** The line end of a line (from 0) of the file, if another line comes after it. */
export function endOf(row: number, index: LineIndex, style: FileStyle): LineEnd {
  return index.endOf(row) ?? style.lastEnd;
}

/**
 * The style of a file after another program appended lines.
 *
 * @param index all lines of the file
 * @param known number of lines before; an empty file takes its style from the appended lines
 */
export function grownStyle(style: FileStyle, index: LineIndex, known: number): FileStyle {
  const lineEnd = known === 0 ? index.lineEnd : style.lineEnd;
  return { ...style, lineEnd, lastEnd: lineEnd, finalNewline: index.finalNewline };
}
