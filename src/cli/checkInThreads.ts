import { availableParallelism } from 'node:os';
import { Threads } from '../base/node/threads';
import { at, must } from '../base/pure/must';
import { type OpenLines, openLines } from '../jsonl/node/lineBlocks';
import type { Reading } from '../pairs/reading';
import type { ReportBatch } from '../pairs/reportBatch';
import type { BlockAsked, CheckedBlock } from './checkBlock';

/** The reports of a file, block by block. */
export interface ReportsOfBlocks {
  readonly count: number;
  readonly batches: AsyncIterable<ReportBatch>;
}

/** For a smaller file, threads take longer to start than they save. */
const leastBytes = 8_000_000;

/**
 * The reports of all lines of a large file of JSON Lines in their order, those of a block together. As many threads as
 * there are cores read and check the blocks.
 *
 * @param script the bundle of `checkLines.ts`
 * @returns null for any other file
 * @throws MarginError as {@link openLines}, and `line-too-long`
 */
export async function reportsInThreads(
  file: string,
  reading: Reading,
  script: string,
): Promise<ReportsOfBlocks | null> {
  const lines = await openLines(file, leastBytes);
  const threads = new Threads<BlockAsked, CheckedBlock>(script, availableParallelism());
  return lines && { count: lines.blocks.length, batches: reportsOf(lines, reading, threads) };
}

async function* reportsOf(
  { handle, blocks, tooLong }: OpenLines,
  reading: Reading,
  threads: Threads<BlockAsked, CheckedBlock>,
): AsyncGenerator<ReportBatch> {
  const queue: Promise<CheckedBlock>[] = [];
  let lines = 0;
  try {
    for (let next = 0; next < blocks.length || queue.length > 0;) {
      while (next < blocks.length && queue.length < threads.ahead) {
        const checked = threads.ask({ handle: handle.fd, block: at(blocks, next++), reading });
        // The error is thrown below, when the block's turn comes.
        checked.catch(() => undefined);
        queue.push(checked);
      }
      const block = await must(queue.shift(), 'the oldest block');
      yield block.reports;
      lines += block.reports.flags.length;
      if (block.tooLong) throw tooLong(lines + 1);
    }
  } finally {
    threads.close();
    // A thread that still reads must not meet another file with the same descriptor.
    await Promise.allSettled(queue);
    await handle.close();
  }
}
