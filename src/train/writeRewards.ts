import { closeSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { openForAppending } from '../base/node/smallFile';
import type { ScoreSession } from '../engine/types';
import type { RowStore } from '../reward/rowStore';
import { scorePairs, windowOf, type Reference } from '../reward/scorePairs';
import { runPaths, stepName } from '../run/folder';
import { makeColumns } from '../run/rewardColumns/readColumns';
import { scoringPaths } from '../run/scoring';
import type { PairReward } from '../run/types';

export interface RewardsOptions {
  readonly beta: number;
  /** Pairs in one run of a session. */
  readonly batchSize: number;
  /** Stops the scoring between two batches. */
  readonly signal?: AbortSignal;
  /** Gets the number of rows scored so far, each time that some were written. */
  readonly onProgress?: (scored: number) => void;
}

/**
 * Writes `rewards/step-N.jsonl`, one PairReward per line, then the file of its columns. The file appears whole or not
 * at all: until it is complete, its lines are in a partial file next to it. A later call, even after a crash, resumes
 * from the partial file, unless the rows have changed.
 *
 * @param policy the model at that step
 * @returns the file; null if the signal stopped the scoring
 * @throws MarginError `not-finite` naming the line; `disk-full`, `not-writable`, … naming the file
 */
export async function writeRewards(
  folder: string,
  step: number,
  rows: RowStore,
  policy: ScoreSession,
  reference: Reference,
  options: RewardsOptions,
): Promise<string | null> {
  const path = runPaths.rewards(folder, step);
  const partial = scoringPaths.partial(folder, step, rows.fingerprint);
  try {
    await mkdir(dirname(path), { recursive: true });
    await removeOthers(dirname(path), step, basename(partial));
    // Throws if this name belongs to something other than a regular file.
    closeSync(openForAppending(partial));
    const file = await open(partial, 'a+');
    try {
      const done = await writtenRows(file, windowOf(options.batchSize), rows.count);
      if (!(await append(file, done, rows, policy, reference, options))) return null;
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await makeColumns(path);
    return path;
  } catch (error) {
    // Only file errors have a system call; errors of the engine pass unchanged.
    throw error instanceof Error && 'syscall' in error ? fileError(error, 'write', path) : error;
  }
}

/** Scores the rows from `done` on. Returns whether all rows are scored. */
async function append(
  file: FileHandle,
  done: number,
  rows: RowStore,
  policy: ScoreSession,
  reference: Reference,
  { onProgress, ...options }: RewardsOptions,
): Promise<boolean> {
  const window = windowOf(options.batchSize);
  let lines: string[] = [];
  let scored = done;
  onProgress?.(scored);
  for await (const reward of scorePairs(rows, policy, reference, { ...options, from: done })) {
    lines.push(lineOf(reward));
    if (lines.length < window && scored + lines.length < rows.count) continue;
    await file.appendFile(lines.join(''));
    scored += lines.length;
    lines = [];
    onProgress?.(scored);
  }
  return scored === rows.count;
}

const lineOf = (reward: PairReward): string => `${JSON.stringify(reward)}\n`;

/** Counts the rows of a partial file, and truncates it after its last whole window: a crash may have cut the rest. */
async function writtenRows(file: FileHandle, window: number, count: number): Promise<number> {
  const { size } = await file.stat();
  let [rows, offset, kept, end] = [0, 0, 0, 0];
  for await (const line of file.readLines({ start: 0, autoClose: false })) {
    offset += Buffer.byteLength(line) + 1;
    // A crash cut the line, or the disk lost it and it holds zeros.
    if (offset > size || !line.endsWith('}')) break;
    rows++;
    if (rows % window === 0 || rows === count) [kept, end] = [rows, offset];
  }
  await file.truncate(end);
  return kept;
}

/** Deletes partial files of this step that belong to other rows. */
async function removeOthers(folder: string, step: number, partial: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stepName(step)}-`) && name !== partial);
  for (const name of names) await rm(join(folder, name), { force: true });
}
