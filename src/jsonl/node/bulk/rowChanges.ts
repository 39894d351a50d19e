import { Threads } from '../../../base/node/threads';
import { MarginError } from '../../../base/pure/marginError';
import { at } from '../../../base/pure/must';
import type { RowChange, RowOutcome } from '../../../pairs/bulk/rowChange';
import type { Reading } from '../../../pairs/reading';
import { type BulkAnswer, BulkProgram, type BulkQuestion } from './bulkProgram';

/** Some rows, in the order of the file. */
export interface RowTexts {
  readonly rows: readonly number[];
  readonly texts: readonly string[];
}

/** Changes rows. */
export interface RowChanges {
  /**
   * Applies a change to rows. The outcomes are in the order of the rows.
   *
   * @throws MarginError `bad-pattern`, `slow-pattern`; `row` in its details is the row that stopped it
   */
  of(rows: RowTexts, change: RowChange, reading: Reading): Promise<readonly RowOutcome[]>;
}

/** Changes rows in this thread. */
export class ChangesHere implements RowChanges {
  private readonly program = new BulkProgram();

  async of({ rows, texts }: RowTexts, change: RowChange, reading: Reading): Promise<readonly RowOutcome[]> {
    return checked(rows, this.program.answer({ texts, change, reading }));
  }
}

/** Changes rows in threads, so that no pattern can block this one. */
export class ChangesInThreads implements RowChanges {
  private readonly threads: Threads<BulkQuestion, BulkAnswer>;

  /**
   * @param script the bundle that the threads run
   * @param count number of threads
   */
  constructor(
    script: string,
    private readonly count: number,
  ) {
    this.threads = new Threads(script, count);
  }

  async of({ rows, texts }: RowTexts, change: RowChange, reading: Reading): Promise<readonly RowOutcome[]> {
    const size = Math.max(1, Math.ceil(texts.length / this.count));
    const starts = Array.from({ length: Math.ceil(texts.length / size) }, (_, i) => i * size);
    const shares = await Promise.all(
      starts.map(async (from) => {
        const answer = await this.threads.ask({ texts: texts.slice(from, from + size), change, reading });
        return checked(rows.slice(from, from + size), answer);
      }),
    );
    return shares.flat();
  }

  /** Ends the threads. */
  close(): void {
    this.threads.close();
  }
}

function checked(rows: readonly number[], answer: BulkAnswer): readonly RowOutcome[] {
  if (!('code' in answer)) return answer;
  const { code, message, index } = answer;
  if (code !== 'slow-pattern') throw new MarginError(code, message);
  const row = at(rows, index);
  throw new MarginError(code, `Row ${row + 1}: ${message}`, { row });
}
