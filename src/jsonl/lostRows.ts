import { MarginError } from '../base/pure/marginError';
import type { RowRun } from '../pairs/pieceTable';

/** Rows as they can be written, and those that cannot, because their lines of the base are `lostLines` (rising). */
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
 * Throws MarginError `lines-lost` where there are lost rows: overwriting would keep neither them nor what is there now.
 */
export function refuseLost(file: string, lost: readonly number[]): void {
  const [first] = lost;
  if (first === undefined) return;
  const which = lost.length === 1 ? `line ${first + 1}` : `${lost.length} lines, the first is line ${first + 1},`;
  const message =
    `Another program wrote over ${file}, and ${which} can no longer be read. ` +
    'Save under another name to keep your edits and all other lines, or revert to what is on disk.';
  throw new MarginError('lines-lost', message, { file, lost: lost.length });
}
