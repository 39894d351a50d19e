import { realpath } from 'node:fs/promises';
import { inTurns } from '../../base/pure/inTurns';
import { type OpenRun, readRun, rewardSteps } from '../../run/find';
import type { RunsModel } from '../runs/runsModel';

/** Runs read at a time. */
const atOnce = 8;

/** A run that has scored the pairs of a file. */
export interface ScoredRun {
  readonly run: OpenRun;
  /** Without the start. */
  readonly steps: number;
}

/** The runs of the workspace that have trained on a file and scored its pairs. */
export async function scoredRuns(runs: RunsModel, file: string): Promise<readonly ScoredRun[]> {
  const target = await realpath(file);
  const found = await inTurns(await runs.ready(), atOnce, async ({ folder }) => {
    // The Runs view shows why a run cannot be read. A data file that is gone is not this one.
    const run = await readRun(folder).catch(() => null);
    if (run === null) return [];
    const trained = await realpath(run.config.config.train_file).catch(() => null);
    if (trained !== target) return [];
    // A folder that cannot be listed has no rewards.
    const steps = (await rewardSteps(folder).catch((): number[] => [])).filter((step) => step > 0).length;
    return steps === 0 ? [] : [{ run, steps }];
  });
  return found.flat();
}
