import { setTimeout as sleep } from 'node:timers/promises';
import { MarginError } from '../base/pure/marginError';
import { isTrainerAlive } from './alive';
import { askScoringToStop, readScoringState, scoringPaths } from './scoring';

const pollMs = 100;
/**
 * The scorer looks for the request twice a second, but only between batches. A batch of a big model may take this long.
 */
const answerMs = 120_000;

/**
 * Stops the scorer of a run, if there is one, and waits until it has ended. The pairs that it scored stay. Error
 * `no-answer`.
 */
export async function endScoring(folder: string): Promise<void> {
  if (!(await isScoringAlive(folder))) return;
  await askScoringToStop(folder);
  for (const end = Date.now() + answerMs; Date.now() < end; await sleep(pollMs))
    if (!(await isScoringAlive(folder))) return;
  throw new MarginError(
    'no-answer',
    `The scorer of ${folder} did not stop within ${answerMs / 1000} s. ${scoringPaths.state(folder)} names its process.`,
    { folder },
  );
}

/** Whether a process scores the run now. */
async function isScoringAlive(folder: string): Promise<boolean> {
  const state = await readScoringState(folder);
  return state?.status === 'running' && isTrainerAlive(folder, state, Date.now());
}
