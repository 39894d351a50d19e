import { setImmediate } from 'node:timers/promises';
import { MarginError } from '../../base/pure/marginError';
import { isCsv } from '../containers/csvLayout';
import type { MergePlan } from '../mergePlan';
import { diffRows, type RowHunk } from '../rowDiff';
import { SourceFile } from './sourceFile';

/** A file after another program has changed it. */
export interface Outside {
  /** The file as it is now, open. The caller closes it or continues with it. */
  readonly theirs: SourceFile;
  readonly hunks: readonly RowHunk[];
}

/** Longest time that the comparison blocks other work. */
const sliceMs = 10;

/** The result of `read`. If it throws a MarginError, a plan of the kind `unknown` with that reason. */
export async function planned(read: () => Promise<Outside | MergePlan>): Promise<Outside | MergePlan> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MarginError) return { kind: 'unknown', reason: error.message };
    throw error;
  }
}

/**
 * Reads a file that another program has changed, and compares its rows with those that were read before.
 *
 * @throws MarginError `changed-on-disk` if too little is known of the earlier rows, or the file changes again
 *   meanwhile, `other-rows` if it now holds rows in another way; and as {@link SourceFile.read}
 */
export async function readOutside(before: SourceFile, signal: AbortSignal): Promise<Outside> {
  await before.sums.take(before.lines, signal);
  const theirs = await SourceFile.read(before.path, signal, { threads: before.lines.threads });
  try {
    refuseOther(before, theirs);
    await theirs.sums.take(theirs.lines, signal);
    const rows = [before.sums.compared(before.lines), theirs.sums.compared(theirs.lines)] as const;
    return { theirs, hunks: await inSlices(diffRows(...rows), signal) };
  } catch (error) {
    await theirs.lines.close();
    throw error;
  }
}

function refuseOther(before: SourceFile, theirs: SourceFile): void {
  const [old, { layout, frame }] = [before.style, theirs.style];
  // The columns of CSV give its rows their keys.
  if (old.layout === layout && (!isCsv(layout) || old.frame.head === frame.head)) return;
  const what =
    isCsv(layout) && isCsv(old.layout) ? 'its columns have changed' : 'it no longer holds rows in the same way';
  throw new MarginError('other-rows', `${before.path}: ${what}.`, { file: before.path });
}

async function inSlices<T>(work: Generator<void, T>, signal: AbortSignal): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - since < sliceMs) continue;
    await setImmediate();
    signal.throwIfAborted();
    since = performance.now();
  }
}
