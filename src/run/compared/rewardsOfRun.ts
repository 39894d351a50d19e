import type { Breathing } from '../../base/pure/breathing';
import { lastRewardStep, readRun, rewardSteps } from '../find';
import { runPaths } from '../folder';
import { readColumns } from '../rewardColumns/readColumns';
import type { RewardColumns } from '../rewardColumns/rewardColumns';

/** The rewards of a run at its last scored step. */
export interface RunRewards {
  readonly step: number;
  readonly columns: RewardColumns;
}

/**
 * The rewards of a run's final model for the pairs that it trained on.
 *
 * @returns null if no step after its start was scored
 * @throws MarginError those of {@link readRun} and {@link readColumns}
 */
export async function rewardsOfRun(folder: string, slices: Breathing): Promise<RunRewards | null> {
  const steps = (await rewardSteps(folder)).filter((step) => step > 0);
  const step = lastRewardStep(steps, await readRun(folder));
  return step === undefined ? null : { step, columns: await readColumns(runPaths.rewards(folder, step), slices) };
}
