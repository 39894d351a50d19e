import { openLines } from '../jsonl/node/lineBlocks';
import { LineFile } from '../jsonl/node/lineFile';
import { MeasuresInThreads, type RowMeasures } from '../jsonl/node/statistics/rowMeasures';
import type { Reading } from '../pairs/reading';
import type { MeasuredPage } from '../pairs/statistics/measuredPage';

/** For a smaller file, threads take longer to start than they save. */
const leastBytes = 4_000_000;
/** Most rows of a page; a round of the threads takes some megabytes of it. */
const pageRows = 1 << 16;

export interface MeasureThreads {
  /** The bundle of `measureThread.ts`. */
  readonly script: string;
  readonly count: number;
}

/**
 * Measures all rows of a large file of JSON Lines in threads.
 *
 * @param progress gets the number of rows so far; an error that it throws ends the work
 * @returns null for any other file
 * @throws MarginError as `LineFile.readIndex` and {@link RowMeasures.measure}
 */
export async function measuredInThreads(
  file: string,
  reading: Reading,
  { script, count }: MeasureThreads,
  progress: (rows: number) => void,
): Promise<MeasuredPage[] | null> {
  const large = await openLines(file, leastBytes);
  if (large === null) return null;
  await large.handle.close();
  const lines = await LineFile.open(file);
  const threads = new MeasuresInThreads(script, count);
  try {
    await lines.readIndex();
    return await pagesOf(lines, reading, threads, progress);
  } finally {
    threads.close();
    await lines.close();
  }
}

async function pagesOf(
  lines: LineFile,
  reading: Reading,
  measures: RowMeasures,
  progress: (rows: number) => void,
): Promise<MeasuredPage[]> {
  const pages: MeasuredPage[] = [];
  const total = lines.index.count;
  for (let first = 0; first < total;) {
    const page = { kind: 'base', start: first, count: Math.min(pageRows, total - first) } as const;
    const found = await measures.measure(lines, [page], { first, reading, isWanted: () => true });
    pages.push(...found.pages);
    first += found.count;
    progress(first);
  }
  return pages;
}
