import { Threads } from '../../../base/node/threads';
import { at } from '../../../base/pure/must';
import { KeysOfRows, type PackedKeys } from '../../../pairs/keysOfRows';
import type { Reading } from '../../../pairs/reading';
import type { LineFile } from '../lineFile';
import { askedRows } from './askedRows';
import type { NumbersAnswer, NumbersQuestion, RowNumbers } from './numbersProgram';
import { sharedParts, wantedParts } from './wantedParts';

/** Bytes of rows that a thread is asked for at a time. */
const askedBytes = 1 << 21;

/** Who computes numbers of rows: threads, or in a test the same thread. */
export interface NumbersThreads {
  /** Parts of a page that are asked for at the same time. */
  readonly count: number;
  ask(question: NumbersQuestion): Promise<NumbersAnswer>;
}

export class NumbersInThreads implements NumbersThreads {
  private readonly threads: Threads<NumbersQuestion, NumbersAnswer>;

  /**
   * @param script the bundle that the threads run
   * @param count number of threads
   */
  constructor(
    script: string,
    readonly count: number,
  ) {
    this.threads = new Threads(script, count);
  }

  ask(question: NumbersQuestion): Promise<NumbersAnswer> {
    return this.threads.ask(question);
  }

  /** Ends the threads. */
  dispose(): void {
    this.threads.close();
  }
}

export interface NumbersAsked {
  /** The keys of each column. */
  readonly paths: readonly (readonly string[])[];
  /** Whether the keys of the pairs are wanted too. */
  readonly withKeys: boolean;
  readonly reading: Reading;
}

/** Numbers of all rows of a file. */
export interface NumbersOfRows {
  readonly columns: readonly RowNumbers[];
  readonly keys: KeysOfRows | null;
}

/**
 * Reads columns of all rows.
 *
 * @param told called with the part that is read, 0 to 1
 * @throws MarginError `changed-on-disk`, the reason of the signal, and others of reading
 */
export async function readNumbers(
  file: LineFile,
  threads: NumbersThreads,
  asked: NumbersAsked,
  told: (part: number) => void,
  signal: AbortSignal,
): Promise<NumbersOfRows> {
  const rows = file.index.count;
  const columns = asked.paths.map(() => ({ values: new Float64Array(rows), kinds: new Uint8Array(rows) }));
  const keys: PackedKeys[] = [];
  for (let from = 0; from < rows;) {
    signal.throwIfAborted();
    const page = [{ kind: 'base' as const, start: from, count: rows - from }];
    const { count, parts } = wantedParts(file, page, askedBytes * threads.count, () => true);
    const shares = await Promise.all(
      sharedParts(parts, threads.count).map(async (share) => {
        const answer = await file.lend(async (fd) => threads.ask({ ...(await askedRows(file, share, fd)), ...asked }));
        if (answer === 'changed') throw file.changed();
        return { start: from + at(at(share, 0).rows, 0), answer };
      }),
    );
    for (const { start, answer } of shares) {
      answer.columns.forEach(({ values, kinds }, i) => {
        at(columns, i).values.set(values, start);
        at(columns, i).kinds.set(kinds, start);
      });
      if (answer.keys) keys.push(answer.keys);
    }
    from += count;
    told(from / rows);
  }
  return { columns, keys: asked.withKeys ? new KeysOfRows(keys) : null };
}
