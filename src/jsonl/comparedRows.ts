/** The rows of a file as they are compared: by checksum and length, so that the bytes need not be there any more. */
export interface ComparedRows {
  readonly count: number;
  /** CRC-32 of the row without its end. */
  sum(row: number): number;
  /** Bytes of the row without its end. */
  length(row: number): number;
}

/** Rows `a … aEnd - 1` of one file and `b … bEnd - 1` of the other. */
export interface RowRange {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

/** Whether two rows of two files, or of one, have the same content. */
export function sameRow(before: ComparedRows, a: number, after: ComparedRows, b: number): boolean {
  return before.sum(a) === after.sum(b) && before.length(a) === after.length(b);
}
