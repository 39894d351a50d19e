import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ScoreSession } from '../engine/types';
import type { Rows } from '../reward/rowStore';
import { scorePairs } from '../reward/scorePairs';
import { fileError } from '../base/node/fileError';
import { runPaths } from '../run/folder';
import type { Trainer } from './trainer';

/**
 * Writes `rewards/step-N.jsonl`, a PairReward a line; the file appears whole or not at all.
 *
 * @param policy the model at that step; the reference itself before the first step
 * @returns the file
 * @throws MarginError `disk-full`, `not-writable`, … naming the file
 */
export async function writeRewards(folder: string, step: number, trainer: Trainer, rows: Rows, policy: ScoreSession): Promise<string> {
  const path = runPaths.rewards(folder, step);
  const temporary = `${path}.tmp`;
  const { beta, per_device_train_batch_size: batchSize } = trainer.config;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      for await (const reward of scorePairs(rows, policy, trainer.referenceSession, { beta, batchSize })) await file.write(`${JSON.stringify(reward)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return path;
  } catch (error) {
    await rm(temporary, { force: true });
    // Only file errors carry a system code; what the engine says goes up as it is.
    throw error instanceof Error && 'syscall' in error ? fileError(error, 'write', path) : error;
  }
}
