import { fileError } from '../../base/node/fileError';
import { openRegular } from '../../base/node/smallFile';
import type { Reading } from '../../pairs/reading';
import { type PairResult, readPair } from '../../pairs/readPair';
import { headBytes, notLines } from '../fileKind';
import { LineSplitter } from '../lineSplitter';

/** A line of a file, read. */
export interface ReadRow {
  /** Index of the line, from 0. */
  readonly row: number;
  /** Number of the line, from 1. */
  readonly line: number;
  readonly text: string;
  /** The parsed line; undefined if it is not JSON. */
  readonly value: unknown;
  readonly result: PairResult;
}

export interface ReadOptions {
  readonly reading: Reading;
  /** Ends the reading. It goes on to the end of the file if left out. */
  readonly signal?: AbortSignal;
}

const chunkBytes = 1 << 18;

/**
 * Reads the lines of a file in order, 256 KB at a time. Each line has its pair, or the reason why it has none.
 *
 * @throws MarginError `missing`, `not-a-file`, `not-readable`, `line-too-long`, `not-utf8`; `not-json-lines` for
 *   another
 *   kind of file; the signal's reason if aborted
 */
export async function* readPairs(file: string, { reading, signal }: ReadOptions): AsyncGenerator<ReadRow> {
  let row = 0;
  for await (const texts of readTexts(file, signal)) {
    for (const text of texts) {
      const result = readPair(text, reading);
      const value = 'value' in result ? result.value : undefined;
      yield { row, line: row + 1, text, value, result };
      row++;
    }
  }
}

async function* readTexts(file: string, signal: AbortSignal | undefined): AsyncGenerator<string[]> {
  const handle = await openRegular(file);
  try {
    const splitter = new LineSplitter(file);
    const buffer = Buffer.alloc(chunkBytes);
    let atStart = true;
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes).catch((error: unknown) => {
        throw fileError(error, 'read', file);
      });
      if (bytesRead === 0) break;
      if (atStart) refuseOtherKinds(buffer.subarray(0, bytesRead), file);
      atStart = false;
      yield splitter.push(buffer.subarray(0, bytesRead));
    }
    yield splitter.end();
  } finally {
    await handle.close();
  }
}

function refuseOtherKinds(chunk: Uint8Array, file: string): void {
  const error = notLines(chunk.subarray(0, headBytes), chunk.length <= headBytes, file);
  if (error) throw error;
}
