import { Threads } from '../../../base/node/threads';
import { MarginError } from '../../../base/pure/marginError';
import { at } from '../../../base/pure/must';
import type { RowRun } from '../../../pairs/pieceTable';
import type { LineFile } from '../lineFile';
import { askedRows } from './askedRows';
import type { ColumnAnswer, ColumnQuestion } from './columnProgram';
import type { ComputedPage, PageAsked } from '../../computedPage';
import type { ColumnValues } from '../../packedValues';
import { ColumnReaders } from './columnValues';
import { sharedParts, textParts, wantedParts } from './wantedParts';

/** Computes columns of rows. */
export interface PageColumns {
  /**
   * Computes columns of the first rows of a page, some megabytes of them.
   *
   * @param page rows of `file` and of edits, at least one
   * @throws MarginError `changed-on-disk`, `slow-pattern`
   */
  compute(file: LineFile, page: readonly RowRun[], asked: PageAsked): Promise<ComputedPage>;
}

/** Bytes of rows that a thread is asked for at a time. */
const askedBytes = 1 << 21;
/** Bytes of rows that are computed in this thread at a time: they take some milliseconds. */
const hereBytes = 1 << 18;

/** Computes in this thread. */
export class ColumnsHere implements PageColumns {
  private readonly readers = new ColumnReaders();

  async compute(file: LineFile, page: readonly RowRun[], asked: PageAsked): Promise<ComputedPage> {
    const { count, parts } = wantedParts(file, page, hereBytes, asked.isWanted);
    const rows = parts.flatMap((part) => part.rows);
    const texts = (await textParts(file, parts)).map(({ text }) => text);
    const values = checked(file, rows, this.readers.read(texts, asked.columns, asked.reading));
    return { count, parts: [{ rows, values }] };
  }
}

/** Computes in threads of their own. */
export class ColumnsInThreads implements PageColumns {
  private readonly threads: Threads<ColumnQuestion, ColumnAnswer>;

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

  async compute(file: LineFile, page: readonly RowRun[], asked: PageAsked): Promise<ComputedPage> {
    const { count, parts } = wantedParts(file, page, askedBytes * this.count, asked.isWanted);
    const { columns, reading } = asked;
    const shares = await Promise.all(
      sharedParts(parts, this.count).map(async (share) => {
        const rows = share.flatMap((part) => part.rows);
        const answer = await file.lend(async (fd) =>
          this.threads.ask({ ...(await askedRows(file, share, fd)), columns, reading }),
        );
        return { rows, values: checked(file, rows, answer) };
      }),
    );
    return { count, parts: shares };
  }

  /** Ends the threads. */
  close(): void {
    this.threads.close();
  }
}

/** @throws MarginError `changed-on-disk`, `slow-pattern` */
function checked(file: LineFile, rows: readonly number[], answer: ColumnAnswer): readonly ColumnValues[] {
  if (answer === 'changed') throw file.changed();
  if (Array.isArray(answer)) return answer;
  throw new MarginError('slow-pattern', answer.message, { index: at(rows, answer.index) });
}
