import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileError } from '../base/node/fileError';
import { readLines } from '../base/node/readLines';
import { MarginError } from '../base/pure/marginError';
import { keyNumber } from '../pairs/keyNumber';
import type { ScoredPair } from '../pairs/rowRewards';
import { lastRewardStep, readRun, rewardSteps } from '../run/find';
import { runPaths } from '../run/folder';
import { maxRewardLine, rewardIn } from '../run/rewardLine';

/**
 * The file of rewards that a person names: by itself, by a run folder, or by the name of a run in `.margin/runs`.
 *
 * @throws MarginError `missing`; `not-scored` for a run without rewards; those of `readRun`
 */
export async function rewardsFile(named: string, cwd: string): Promise<string> {
  const places = [resolve(cwd, named), join(cwd, '.margin', 'runs', named)];
  for (const place of places) {
    const found = await stat(place).catch(() => null);
    if (found?.isDirectory()) return ofRun(place);
    if (found) return place;
  }
  // Throws if the file is missing or cannot be read.
  await stat(resolve(cwd, named)).catch((error: unknown) => Promise.reject(fileError(error, 'read', named)));
  return resolve(cwd, named);
}

async function ofRun(folder: string): Promise<string> {
  const run = await readRun(folder);
  const step = lastRewardStep(await rewardSteps(folder), run);
  if (step !== undefined) return runPaths.rewards(folder, step);
  const message = `${folder} has no rewards yet. Score its pairs with: margin score --run ${folder}`;
  throw new MarginError('not-scored', message, { folder });
}

/** The rewards of a file by the `keyNumber` of their pair. @throws MarginError `corrupt` with file and line */
export async function readRewards(file: string): Promise<ReadonlyMap<number, ScoredPair>> {
  const byKey = new Map<number, ScoredPair>();
  for await (const { number, text } of readLines(file, maxRewardLine)) {
    if (text === '') continue;
    const { key, chosen, rejected, margin } = rewardIn(text, `${file}:${number}`);
    byKey.set(keyNumber(key), { chosen, rejected, margin, before: null });
  }
  return byKey;
}
