import { closeSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { openForAppending } from '../base/node/smallFile';
import type { ScoreSession } from '../engine/types';
import type { RowStore } from '../reward/rowStore';
import { scorePairs, windowOf, type Reference } from '../reward/scorePairs';
import { runPaths, stepName } from '../run/folder';
import { scoringPaths } from '../run/scoring';
import type { PairReward } from '../run/types';

export interface RewardsOptions {
  readonly beta: number;
  /** Pairs in one run of a session. */
  readonly batchSize: number;
  /** Ends the scoring between two batches. */
  readonly signal?: AbortSignal;
  /** Told how many rows are scored, after each stretch of them. */
  readonly onProgress?: (scored: number) => void;
}

/**
 * Writes `rewards/step-N.jsonl`, a PairReward a line. The file appears whole or not at all: until then its lines lie in
 * a partial file beside it, and whoever comes next, after a death too, goes on behind them. Other rows begin again.
 *
 * @param policy the model at that step
 * @returns the file; null where the signal ended it before
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
    // Refuses what is no regular file, whoever put it there.
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
    return path;
  } catch (error) {
    // Only file errors carry a system code; what the engine says goes up as it is.
    throw error instanceof Error && 'syscall' in error ? fileError(error, 'write', path) : error;
  }
}

/** @returns whether all rows are there */
async function append(
  file: FileHandle,
  done: number,
  rows: RowStore,
  policy: ScoreSession,
  reference: Reference,
  { onProgress, ...options }: RewardsOptions,
): Promise<boolean> {
  const stretch = windowOf(options.batchSize);
  let lines: string[] = [];
  let scored = done;
  onProgress?.(scored);
  for await (const reward of scorePairs(rows, policy, reference, { ...options, from: done })) {
    lines.push(lineOf(reward));
    if (lines.length < stretch && scored + lines.length < rows.count) continue;
    await file.appendFile(lines.join(''));
    scored += lines.length;
    lines = [];
    onProgress?.(scored);
  }
  return scored === rows.count;
}

const lineOf = (reward: PairReward): string => `${JSON.stringify(reward)}\n`;

/** Rows that a file holds in whole stretches; what a death left behind them is cut off. */
async function writtenRows(file: FileHandle, stretch: number, count: number): Promise<number> {
  const { size } = await file.stat();
  let [rows, offset, kept, end] = [0, 0, 0, 0];
  for await (const line of file.readLines({ start: 0, autoClose: false })) {
    offset += Buffer.byteLength(line) + 1;
    // A line without its end, or of zeros where the disk lost it.
    if (offset > size || !line.endsWith('}')) break;
    rows++;
    if (rows % stretch === 0 || rows === count) [kept, end] = [rows, offset];
  }
  await file.truncate(end);
  return kept;
}

/** Partial files of this step that belong to other rows. */
async function removeOthers(folder: string, step: number, partial: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stepName(step)}-`) && name !== partial);
  for (const name of names) await rm(join(folder, name), { force: true });
}
