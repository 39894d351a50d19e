import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileError } from '../base/node/fileError';
import { statOrNull } from '../base/node/statOrNull';
import { MarginError } from '../base/pure/marginError';
import { lastRewardStep, readRun, rewardSteps } from '../run/find';
import { runPaths } from '../run/folder';
import { numbersOfFile } from '../run/pairNumbers/comparedWith';
import { ScoredPairs } from '../run/pairNumbers/scoredPairs';
import { noSlices } from '../run/rewardColumns/eachReward';
import { readColumns } from '../run/rewardColumns/readColumns';
import type { RewardColumns } from '../run/rewardColumns/rewardColumns';

/**
 * The file of rewards that a person names: by itself, by a run folder, or by the name of a run in `.margin/runs`.
 *
 * @throws MarginError `missing`; `not-scored` for a run without rewards; those of `readRun`
 */
export async function rewardsFile(named: string, cwd: string): Promise<string> {
  const places = [resolve(cwd, named), join(cwd, '.margin', 'runs', named)];
  for (const place of places) {
    const found = await statOrNull(place);
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

/**
 * The rewards of a file.
 *
 * @param before the file to compare with; null: the start of the run, if it is one of a run
 * @throws MarginError `corrupt` with file and line
 */
export async function readRewards(file: string, before: string | null): Promise<ScoredPairs> {
  const read = (path: string): Promise<RewardColumns> => readColumns(path, noSlices);
  return ScoredPairs.of(await numbersOfFile(file, before, read, () => noSlices));
}
