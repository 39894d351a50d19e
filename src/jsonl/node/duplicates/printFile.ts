import { availableParallelism } from 'node:os';
import { Threads } from '../../../base/node/threads';
import { at, must } from '../../../base/pure/must';
import { BatchPrinter, type PrintBatch, type PrintRequest } from '../../../pairs/duplicates/printBatch';
import type { PairResult } from '../../../pairs/readPair';
import type { Reading } from '../../../pairs/reading';
import { type OpenLines, openLines } from '../lineBlocks';
import { readPairs } from '../readPairs';
import type { BlockAsked, PrintedBlock } from './printBlock';

export interface PrintOptions {
  readonly reading: Reading;
  readonly request: PrintRequest;
  /** The bundle of `printThread.ts`. */
  readonly script: string;
  readonly signal?: AbortSignal;
}

/** The prints of consecutive rows, and the line on which each begins, from 1. */
export interface PrintedRows {
  readonly batch: PrintBatch;
  readonly lines: Uint32Array<ArrayBuffer>;
}

/** For a smaller file, threads take longer to start than they save. */
const leastBytes = 4_000_000;
const rowsInBatch = 1000;

/**
 * Prints the rows of a file, in their order. As many threads as there are cores read and print a large file of JSON
 * Lines; any other file is read in this thread.
 *
 * @throws MarginError as `readRows`; the signal's reason if aborted
 */
export async function* printFile(file: string, options: PrintOptions): AsyncGenerator<PrintedRows> {
  const lines = await openLines(file, leastBytes);
  if (lines) yield* inThreads(lines, options);
  else yield* here(file, options);
}

async function* inThreads({ handle, blocks, tooLong }: OpenLines, options: PrintOptions): AsyncGenerator<PrintedRows> {
  const { reading, request, script, signal } = options;
  const threads = new Threads<BlockAsked, PrintedBlock>(script, availableParallelism());
  const queue: Promise<PrintedBlock>[] = [];
  let line = 0;
  try {
    for (let next = 0; next < blocks.length || queue.length > 0;) {
      signal?.throwIfAborted();
      while (next < blocks.length && queue.length < threads.ahead) {
        const printed = threads.ask({ handle: handle.fd, block: at(blocks, next++), reading, request });
        // The error is thrown below, when the block's turn comes.
        printed.catch(() => undefined);
        queue.push(printed);
      }
      const block = await must(queue.shift(), 'the oldest block');
      const { batch } = block;
      yield { batch, lines: Uint32Array.from({ length: batch.states.length }, () => ++line) };
      if (block.tooLong) throw tooLong(line + 1);
    }
  } finally {
    threads.close();
    // A thread that still reads must not meet another file with the same descriptor.
    await Promise.allSettled(queue);
    await handle.close();
  }
}

async function* here(file: string, { reading, request, signal }: PrintOptions): AsyncGenerator<PrintedRows> {
  const printer = new BatchPrinter(request);
  let [results, lines]: [PairResult[], number[]] = [[], []];
  const batch = (): PrintedRows => ({ batch: printer.print(results), lines: Uint32Array.from(lines) });
  for await (const { line, result } of readPairs(file, { reading, ...(signal && { signal }) })) {
    results.push(result);
    lines.push(line);
    if (results.length < rowsInBatch) continue;
    yield batch();
    [results, lines] = [[], []];
  }
  if (results.length > 0) yield batch();
}
