import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeAbandonedIn } from '../base/node/temporaryFile';
import { rowFilePrefix } from '../reward/rowStore';
import { checkpointSteps } from '../run/find';
import { runPaths } from '../run/folder';

/** Begins the name of a checkpoint that is half written, or half deleted. */
export const abandoned = '.tmp-';

/**
 * Deletes checkpoints beyond `limit`, the oldest first; the newest and the best stay whatever the limit (transformers
 * `trainer_utils.py`, rotate_checkpoints).
 *
 * @param limit null: all stay
 * @param best a step; null: none is the best
 */
export async function rotateCheckpoints(runFolder: string, limit: number | null, best: number | null): Promise<void> {
  if (limit === null) return;
  const steps = await checkpointSteps(runFolder);
  const kept = new Set([steps.at(-1), steps.find((step) => step === best)].filter((step) => step !== undefined));
  const others = steps.filter((step) => !kept.has(step));
  for (const step of others.slice(0, Math.max(0, others.length - Math.max(0, limit - kept.size)))) {
    // Out of sight at once: one that lost half its files is no checkpoint.
    const going = join(runFolder, 'checkpoints', `${abandoned}${step}`);
    await rename(runPaths.checkpoint(runFolder, step), going);
    await rm(going, { recursive: true, force: true });
  }
}

/**
 * Renames a damaged checkpoint, so that it is none any more and its step can be saved again.
 *
 * @returns the folder that it is now
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
}
