import type { LineEnd } from '../pairs/edits';
import type { LineIndex } from './lineIndex';

/**
 * How a file ends its lines, as it was when it was opened: saves and undos keep to it, whatever was saved in between.
 */
export interface FileStyle {
  /** The line end of new lines. */
  readonly lineEnd: LineEnd;
  /** Whether the last line has a line end. */
  readonly finalNewline: boolean;
  readonly byteOrderMark: boolean;
  /** The line end that the last line has lost by becoming the last of a file that ends without one. */
  readonly lastEnd: LineEnd;
}

export function styleOf(index: LineIndex): FileStyle {
  const { lineEnd, finalNewline } = index;
  return { lineEnd, finalNewline, byteOrderMark: index.bomLength > 0, lastEnd: lineEnd };
}

/** The line end of a line of the base, where another line comes after it. */
export function endOf(row: number, index: LineIndex, style: FileStyle): LineEnd {
  return index.endOf(row) ?? style.lastEnd;
}

/** The style of a file to which another program appended lines. @param known lines before */
export function grownStyle(style: FileStyle, index: LineIndex, known: number): FileStyle {
  const lineEnd = known === 0 ? index.lineEnd : style.lineEnd;
  return { ...style, lineEnd, lastEnd: lineEnd, finalNewline: index.finalNewline };
}
