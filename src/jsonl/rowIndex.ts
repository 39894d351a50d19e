import type { BlockSums } from './blockSums';
import type { Delimiter } from './containers/container';
import type { ElementLayout } from './elementScanner';

/** The records of CSV, with their delimiter. */
export type CsvLayout = `csv${Delimiter}`;

/** How a file holds its rows: one per line, as elements of a larger text, or as records of CSV. */
export type RowLayout = 'lines' | ElementLayout | CsvLayout;

/** The text around the rows of a file. */
export interface Frame {
  /** Before the first row: a byte order mark, the bracket that opens an array, the header of CSV. */
  readonly head: string;
  /** After the last row: the bracket that closes an array. */
  readonly tail: string;
  /** Replaces head and tail if there are no rows. */
  readonly empty: string;
}

/**
 * Where the rows of a file start and end, and checksums of its bytes. Push the bytes of the file in order; the rows
 * found so far can be used at any time. Rows count from 0.
 *
 * The end of a row is the text between it and the next row: a line end, or the separator of an array. The last row of
 * an array has no end, and neither has the last line of a file without a final line end.
 */
export interface RowIndex {
  readonly layout: RowLayout;
  readonly sums: BlockSums;
  /** Rows known so far. */
  readonly count: number;
  /** Bytes pushed so far. */
  readonly bytes: number;
  /** Whether the last row has an end; true for a file without rows. */
  readonly finalNewline: boolean;
  /** The end of most rows. */
  readonly lineEnd: string;
  /** Known when all rows are known. */
  readonly frame: Frame;
  /**
   * Call this with the next bytes. @throws MarginError for a row that is too long, and for text that does not hold rows
   */
  push(chunk: Uint8Array): void;
  /** Call this after the last byte. @throws MarginError if the file ends too early */
  finish(): void;
  /** Offset of a row's first byte; for `row === count`, the offset after the last row and its end. */
  start(row: number): number;
  /** The end of a known row; undefined for a last row without one. */
  endOf(row: number): string | undefined;
  /** Bytes of a known row without its end. */
  length(row: number): number;
  /** A row's own bytes. @param bytes those from its start to the start of the next row */
  withoutEnd(row: number, bytes: Uint8Array): Uint8Array;
  /** The row that contains the byte at an offset; the number of known rows if the offset is after all of them. */
  rowAt(offset: number): number;
  /** The line of the text, from 0, in which a row begins; for `row === count`, that in which the last element ends. */
  lineOf(row: number): number;
}

/** {@link RowIndex.rowAt} by binary search. */
export function rowAt({ count, start }: { count: number; start: (row: number) => number }, offset: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(middle + 1) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
