import { MarginError } from '../base/pure/marginError';
import type { RowRun } from '../pairs/pieceTable';

/**
 * Separates the rows that can be written from those whose lines can no longer be read.
 *
 * @param lostLines lines of the file that can no longer be read, ascending from 0
 * @returns the runs of rows that remain, and the rows that are lost
 */
export function withoutLost(
  runs: Iterable<RowRun>,
  lostLines: readonly number[],
): { readonly kept: RowRun[]; readonly lost: number[] } {
  const kept: RowRun[] = [];
  const lost: number[] = [];
  const gone = new Set(lostLines);
  let row = 0;
  for (const run of runs) {
    if (run.kind === 'text' || gone.size === 0) {
      kept.push(run);
      row += run.kind === 'text' ? 1 : run.count;
      continue;
    }
    const end = run.start + run.count;
    for (let start = run.start; start < end;) {
      let stop = start;
      while (stop < end && !gone.has(stop)) stop++;
      if (stop > start) kept.push({ kind: 'base', start, count: stop - start });
      row += stop - start;
      if (stop < end) lost.push(row++);
      start = stop + 1;
    }
  }
  return { kept, lost };
}

/**
 * Refuses to overwrite a file if rows are lost. Otherwise both the lost rows and the present content would be gone.
 *
 * @throws MarginError `lines-lost` if there are lost rows
 */
export function refuseLost(file: string, lost: readonly number[]): void {
  const [first] = lost;
  if (first === undefined) return;
  const which = lost.length === 1 ? `row ${first + 1}` : `${lost.length} rows, the first is row ${first + 1},`;
  const message =
    `Another program overwrote ${file}, and ${which} can no longer be read. ` +
    'Save under another name to keep your edits and all other rows, or revert to what is on disk.';
  throw new MarginError('lines-lost', message, { file, lost: lost.length });
}
