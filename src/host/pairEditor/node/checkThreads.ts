import { Threads } from '../../../base/node/threads';
import { isCsv } from '../../../jsonl/containers/csvLayout';
import type { LineFile } from '../../../jsonl/node/lineFile';
import { type SearchPart, searchPlan } from '../../../jsonl/node/search/searchPlan';
import type { RowRun } from '../../../pairs/pieceTable';
import type { CheckedRows, RowsAsked } from '../../../editor/checkedRows';
import type { RowChecker } from '../pageWork';
import type { CheckAnswer, CheckQuestion } from './checkProgram';

/** Checks rows in threads that read the file themselves. */
export class CheckThreads implements RowChecker {
  private readonly threads: Threads<CheckQuestion, CheckAnswer>;

  /**
   * @param script the bundle that the threads run
   * @param count number of threads
   */
  constructor(script: string, count: number) {
    this.threads = new Threads(script, count);
  }

  get ahead(): number {
    return this.threads.ahead;
  }

  check(file: LineFile, page: readonly RowRun[], asked: RowsAsked): Promise<CheckedRows> {
    return file.lend(async (fd) => {
      const question = { ...(await questionOf(file, page, asked)), fd };
      const answer = await this.threads.ask(question, buffersOf(question));
      if (answer === 'changed') throw file.changed();
      return answer;
    });
  }

  /** Ends the threads. */
  close(): void {
    this.threads.close();
  }
}

/** The question about the rows of a page. The bytes of a file that is kept go with it. */
export async function questionOf(
  file: LineFile,
  page: readonly RowRun[],
  asked: RowsAsked,
): Promise<Omit<CheckQuestion, 'fd'>> {
  const { name, index } = file;
  const csv = isCsv(index.layout) ? { head: index.frame.head, layout: index.layout } : null;
  const { parts } = searchPlan(index, page, Number.POSITIVE_INFINITY);
  const kept = await Promise.all(parts.map((part) => keptBytes(file, part)));
  return { name, isOfLines: index.layout === 'lines', csv, parts, kept, asked };
}

async function keptBytes(file: LineFile, part: SearchPart): Promise<Uint8Array<ArrayBuffer> | null> {
  if (part.kind === 'text' || !file.isKept) return null;
  return new Uint8Array(await file.readKnown(part.start, part.end));
}

function buffersOf({ parts, kept }: CheckQuestion): ArrayBuffer[] {
  const ofParts = parts.flatMap((part) =>
    part.kind === 'text' ? [] : [part.spans.starts.buffer, part.spans.lengths.buffer, part.sums.buffer],
  );
  return [...ofParts, ...kept.flatMap((bytes) => (bytes ? [bytes.buffer] : []))];
}
