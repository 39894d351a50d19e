import type { ScoredRun } from '../../../protocol/runPanel';
import { lastRewardStep, readRun, rewardSteps } from '../../../run/find';

/** Runs whose config is read at most: reading one takes a few milliseconds. */
const mostRuns = 50;

/**
 * The newest other runs that scored pairs of the same dataset, so that their margins can be compared. A run that cannot
 * be read is left out: the list of runs reports it.
 *
 * @param runs the newest first
 */
export async function otherRuns(
  dataset: string,
  own: string,
  runs: readonly { readonly folder: string; readonly name: string }[],
): Promise<ScoredRun[]> {
  const found: ScoredRun[] = [];
  for (const { folder, name } of runs.filter((run) => run.folder !== own).slice(0, mostRuns)) {
    const run = await readRun(folder).catch(() => null);
    if (run?.config.config.train_file !== dataset) continue;
    const step = lastRewardStep(await rewardSteps(folder).catch(() => []), run);
    if (step !== undefined) found.push({ folder, name, step });
  }
  return found;
}
