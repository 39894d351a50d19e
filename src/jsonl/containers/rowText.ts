import type { Problem } from '../../pairs/problem';

/** A row of a file in any container, as a line of JSON Lines. */
export interface RowText {
  /** Where the row begins: a line of the file from 1; for Parquet, which has no lines, the number of the row from 1. */
  readonly line: number;
  /**
   * The row as JSON. For JSON Lines it is the line itself, which may be anything; an element may have several lines.
   */
  readonly text: string;
  /** Characters before the row in its line, null if they were not counted; absent if the row begins the line. */
  readonly before?: number | null;
  /** Why the container cannot give the row, such as a CSV record with too many cells; absent if it can. */
  readonly problem?: Problem;
}

/** Cuts a stream of UTF-8 bytes into rows. */
export interface RowSplitter {
  /** The rows that end in this chunk. The caller may reuse the chunk afterwards. */
  push(chunk: Uint8Array): RowText[];
  /** The rows that are left after the last chunk. */
  end(): RowText[];
}
