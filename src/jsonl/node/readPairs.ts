import type { Reading } from '../../pairs/reading';
import { type PairResult, readPair } from '../../pairs/readPair';
import type { RowText } from '../containers/rowText';
import { readRows } from './readRows';

/** A row of a file, read. */
export interface ReadRow {
  /** Index of the row, from 0. */
  readonly row: number;
  /** Where the row begins, see {@link RowText.line}. */
  readonly line: number;
  /** See {@link RowText.before}. */
  readonly before: number | null;
  /** The row as a line of JSON. */
  readonly text: string;
  /** The parsed line; undefined if it is not JSON. */
  readonly value: unknown;
  readonly result: PairResult;
}

export interface ReadOptions {
  readonly reading: Reading;
  /** Ends the reading. If left out, the whole file is read. */
  readonly signal?: AbortSignal;
}

/**
 * Reads the rows of a file in order, as {@link readRows} finds them. Each row has its pair, or the reason why it has
 * none.
 *
 * @throws MarginError as {@link readRows}; the signal's reason if aborted
 */
export async function* readPairs(file: string, { reading, signal }: ReadOptions): AsyncGenerator<ReadRow> {
  let row = 0;
  for await (const rows of readRows(file, signal)) {
    for (const read of rows) {
      const { line, before = 0, text } = read;
      const result = resultOf(read, reading);
      const value = 'value' in result ? result.value : undefined;
      yield { row, line, before, text, value, result };
      row++;
    }
  }
}

function resultOf({ text, problem }: RowText, reading: Reading): PairResult {
  if (!problem) return readPair(text, reading);
  return { kind: 'not-a-pair', reason: problem.message, value: undefined, problems: [problem] };
}
