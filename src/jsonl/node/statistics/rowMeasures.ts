import { Threads } from '../../../base/node/threads';
import type { RowRun } from '../../../pairs/pieceTable';
import type { Reading } from '../../../pairs/reading';
import { buffersOf, type MeasuredPage } from '../../../pairs/statistics/measuredPage';
import type { OtherCounts } from '../../../pairs/statistics/others';
import type { Statistics } from '../../../pairs/statistics/statistics';
import { askedRows } from '../columns/askedRows';
import { sharedParts, type WantedPart, wantedParts } from '../columns/wantedParts';
import type { LineFile } from '../lineFile';
import type { MeasureAnswer, MeasureQuestion } from './measureProgram';

/** What to measure of a page. */
export interface MeasureAsked {
  /** The index of the first row of the page in the file. */
  readonly first: number;
  readonly reading: Reading;
  /** Whether a row of the page is wanted. */
  readonly isWanted: (index: number) => boolean;
}

/** What was measured of the first rows of a page. */
export interface MeasuredRows {
  /** How many rows of the page were looked at, at least one. */
  readonly count: number;
  readonly pages: readonly MeasuredPage[];
}

/** Measures rows for statistics. */
export interface RowMeasures {
  /**
   * Measures the first rows of a page, some megabytes of them.
   *
   * @param page rows of `file` and of edits, at least one
   * @throws MarginError `changed-on-disk`
   */
  measure(file: LineFile, page: readonly RowRun[], asked: MeasureAsked): Promise<MeasuredRows>;
  /** Makes statistics of pages, which must not be used afterwards. @param pages at least one */
  finish(pages: readonly MeasuredPage[], others: OtherCounts): Promise<Statistics>;
}

/** Bytes of rows that a thread is asked for at a time. */
const askedBytes = 1 << 21;

/** Measures in threads of their own. */
export class MeasuresInThreads implements RowMeasures {
  private readonly threads: Pick<Threads<MeasureQuestion, MeasureAnswer>, 'ask' | 'close'>;

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

  async measure(file: LineFile, page: readonly RowRun[], asked: MeasureAsked): Promise<MeasuredRows> {
    const { count, parts } = wantedParts(file, page, askedBytes * this.count, asked.isWanted);
    const pages = await Promise.all(
      sharedParts(parts, this.count).map((share) =>
        file.lend(async (fd) => {
          const question = await questionOf(file, share, asked, fd);
          return pageOf(file, await this.threads.ask(question));
        }),
      ),
    );
    return { count, pages };
  }

  async finish(pages: readonly MeasuredPage[], others: OtherCounts): Promise<Statistics> {
    return statisticsIn(await this.threads.ask({ kind: 'end', pages, others }, pages.flatMap(buffersOf)));
  }

  /** Ends the threads. */
  close(): void {
    this.threads.close();
  }
}

async function questionOf(
  file: LineFile,
  share: readonly WantedPart[],
  { first, reading }: MeasureAsked,
  fd: number,
): Promise<MeasureQuestion> {
  const rows = Int32Array.from(
    share.flatMap((part) => part.rows),
    (row) => first + row,
  );
  return { kind: 'rows', ...(await askedRows(file, share, fd)), rows, reading };
}

/** @throws MarginError `changed-on-disk` */
function pageOf(file: LineFile, answer: MeasureAnswer): MeasuredPage {
  if (answer.kind === 'rows') return answer.page;
  throw file.changed();
}

function statisticsIn(answer: MeasureAnswer): Statistics {
  if (answer.kind === 'end') return answer.statistics;
  throw new Error(`The statistics ended with ${answer.kind}`);
}
