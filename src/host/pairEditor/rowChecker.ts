import type { PairResult } from '../../pairs/readPair';
import type { Reading } from '../../pairs/reading';
import { readRow } from '../../pairs/readRow';
import { packed, type ReportBatch } from '../../pairs/reportBatch';
import { reportOf, type RowReport } from '../../pairs/rowReport';
import type { RowIdentity } from './rowIdentity';

/** The results of checking some rows, as plain data. */
export interface CheckedRows {
  readonly reports: ReportBatch;
  /** `PairIdentity.key` of each row, or -1. */
  readonly keys: Float64Array<ArrayBuffer>;
  /** `PairIdentity.exchanged` of each row, or -1. */
  readonly exchanged: Float64Array<ArrayBuffer>;
  /** `ListIdentity.keys` of each list with pairs, and the index of its row. */
  readonly lists: readonly (readonly [row: number, keys: readonly number[]])[];
  /** The format of the first row that has one; empty if none has. */
  readonly shape: string;
}

/** Checks rows, in other threads if possible. */
export interface RowChecker {
  /** The number of pending requests that keeps it busy. */
  readonly ahead: number;
  look(lines: readonly string[], reading: Reading): Promise<CheckedRows>;
}

/** Checks rows in this thread. */
export function checkRows(
  lines: readonly string[],
  reading: Reading,
  identityOf: (result: PairResult) => RowIdentity | null,
): CheckedRows {
  const reports: RowReport[] = [];
  const keys = new Float64Array(lines.length).fill(-1);
  const exchanged = new Float64Array(lines.length).fill(-1);
  const lists: [row: number, keys: readonly number[]][] = [];
  let shape = '';
  for (const [i, line] of lines.entries()) {
    const result = readRow(line, reading);
    if (shape === '' && 'format' in result) shape = result.format.label;
    reports.push(reportOf(result, reading.levels));
    const identity = identityOf(result);
    if (identity === null) continue;
    if ('keys' in identity) {
      lists.push([i, identity.keys]);
      continue;
    }
    keys[i] = identity.key;
    exchanged[i] = identity.exchanged;
  }
  return { reports: packed(reports), keys, exchanged, lists, shape };
}
