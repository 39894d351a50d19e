import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeAbandonedIn } from '../base/node/temporaryFile';
import { rowFilePrefix } from '../reward/rowStore';
import { checkpointSteps } from '../run/find';
import { runPaths } from '../run/folder';
import { stepsBeyond } from '../run/prune';

/** The start of the name of a checkpoint that is being written or deleted. */
export const abandoned = '.tmp-';

/**
 * Deletes the oldest checkpoints beyond `limit`. Always keeps the newest and the best one (transformers
 * `trainer_utils.py`, rotate_checkpoints).
 *
 * @param limit `save_total_limit`; null: keeps all
 * @param best step of the best evaluation; null if there is none
 */
export async function rotateCheckpoints(runFolder: string, limit: number | null, best: number | null): Promise<void> {
  if (limit === null) return;
  const steps = await checkpointSteps(runFolder);
  for (const step of stepsBeyond(steps, best, limit)) await removeCheckpoint(runFolder, step);
}

/** Deletes a checkpoint of a run. The caller holds the run's lock. */
export async function removeCheckpoint(runFolder: string, step: number): Promise<void> {
  // Renamed first, so that a half-deleted folder is never taken for a checkpoint.
  const removed = join(runFolder, 'checkpoints', `${abandoned}${step}`);
  await rename(runPaths.checkpoint(runFolder, step), removed);
  await rm(removed, { recursive: true, force: true });
}

/**
 * Renames a damaged checkpoint, so that its step can be saved again.
 *
 * @returns its new folder
 */
export async function putAside(runFolder: string, step: number): Promise<string> {
  const folder = runPaths.checkpoint(runFolder, step);
  const aside = join(dirname(folder), `damaged-${basename(folder)}`);
  await rm(aside, { recursive: true, force: true });
  await rename(folder, aside);
  return aside;
}

/**
 * Removes what a killed trainer left half written. Temporary files of living processes stay: another process may be
 * writing control.json at this moment.
 */
export async function removeAbandoned(runFolder: string): Promise<void> {
  const begun = [
    ['checkpoints', abandoned, ''],
    ['rewards', '', '.tmp'],
    ['', rowFilePrefix, ''],
  ] as const;
  for (const [name, start, end] of begun) {
    const folder = join(runFolder, name);
    const names = existsSync(folder) ? await readdir(folder) : [];
    for (const one of names.filter((found) => found.startsWith(start) && found.endsWith(end)))
      await rm(join(folder, one), { recursive: true, force: true });
  }
  await removeAbandonedIn(runFolder);
  const rewards = dirname(runPaths.rewards(runFolder, 0));
  if (existsSync(rewards)) await removeAbandonedIn(rewards);
}
