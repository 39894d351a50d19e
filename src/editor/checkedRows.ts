import type { Reading } from '../pairs/reading';
import type { ReportBatch } from '../pairs/reportBatch';

/** The results of checking some rows, as plain data. */
export interface CheckedRows {
  readonly reports: ReportBatch;
  /** UTF-16 units of the first line of each row. */
  readonly lengths: Uint32Array<ArrayBuffer>;
  /** Where the problem of a row is that has a column: the index of the row, the line from 1, and the column in it. */
  readonly places: readonly (readonly [row: number, line: number, column: number])[];
  /** The keys of the rows, if they were asked for. */
  readonly keys: CheckedKeys | null;
  /** The format of the first row that has one and was parsed; empty if none was. */
  readonly shape: string;
}

/** The keys of some rows. */
export interface CheckedKeys {
  /** `PairIdentity.key` of each row, or -1. */
  readonly own: Float64Array<ArrayBuffer>;
  /** `PairIdentity.exchanged` of each row, or -1. */
  readonly exchanged: Float64Array<ArrayBuffer>;
  /** `ListIdentity.keys` of each list with pairs, and the index of its row. */
  readonly lists: readonly (readonly [row: number, keys: readonly number[]])[];
}

/** What to find out about rows. */
export interface RowsAsked {
  readonly reading: Reading;
  /** Whether to compute the keys of the rows, which takes ten times as long as all checks. */
  readonly keys: boolean;
}

/** Checks the rows of a document, ahead of what is asked for if possible. */
export interface RowChecks {
  /** The number of pending requests that keeps it busy. */
  readonly ahead: number;
  /**
   * Checks rows `from … from + count - 1`.
   *
   * @throws MarginError `changed-on-disk`
   */
  check(from: number, count: number, asked: RowsAsked): Promise<CheckedRows>;
}
