import { basename } from 'node:path';
import { nullIfMissing } from '../../base/node/jsonFile';
import type { Breathing } from '../../base/pure/breathing';
import { readRunConfig, runPaths, stepOfName } from '../folder';
import { runOfRewards } from '../measuredRewards';
import type { RewardColumns } from '../rewardColumns/rewardColumns';
import { startsAsReference } from '../scoring';
import { groupsOfRun } from './keptGroups';
import type { PairTexts } from './pairTexts';
import { type ComparedWith, StepNumbers } from './stepNumbers';

/** Reads a file of rewards. */
export type ReadColumns = (file: string) => Promise<RewardColumns>;

/**
 * The numbers of a file of rewards.
 *
 * @param before another file to compare with; null: the start of the run, if it is one of a run
 * @throws MarginError those of `read`, and of reading the config of the run
 */
export async function numbersOfFile(
  file: string,
  before: string | null,
  read: ReadColumns,
  slices: () => Breathing,
): Promise<StepNumbers> {
  const shown = await read(file);
  const comparedWith = before === null ? await startOf(file, read) : await read(before);
  return new StepNumbers(shown, comparedWith, slices, () => dynamicsOfRun(file, shown, read, slices()));
}

/** The margins at the start of the run of a file: `zero` if it starts as its reference; null if they are not known. */
async function startOf(file: string, read: ReadColumns): Promise<ComparedWith> {
  const folder = runOfRewards(file);
  if (folder === null || stepOfName(basename(file)) === 0) return null;
  const start = await nullIfMissing(read(runPaths.rewards(folder, 0)));
  if (start) return (await start.column('margin')).every((margin) => margin === 0) ? 'zero' : start;
  // Rewards outside a run folder are those of a run that cannot be asked.
  const config = await readRunConfig(folder).catch(() => null);
  return config && startsAsReference(config.config) ? 'zero' : null;
}

async function dynamicsOfRun(
  file: string,
  shown: RewardColumns,
  read: ReadColumns,
  slices: Breathing,
): Promise<PairTexts | null> {
  const folder = runOfRewards(file);
  if (folder === null) return null;
  return groupsOfRun(folder, shown, (step) => read(runPaths.rewards(folder, step)), slices);
}
