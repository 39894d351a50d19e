import { setTimeout as sleep } from 'node:timers/promises';
import { MarginError } from '../base/pure/marginError';
import { isTrainerAlive } from './alive';
import { askScoringToEnd, readScoringState, scoringPaths } from './scoring';

const pollMs = 100;
/** The scorer looks twice a second, between batches; one of a big model may take so long. */
const answerMs = 120_000;

/**
 * Ends the scorer of a run, if one is at work, and waits for it; what it scored stays. Error `no-answer`.
 */
export async function endScoring(folder: string): Promise<void> {
  if (!(await isScoringAlive(folder))) return;
  await askScoringToEnd(folder);
  for (const end = Date.now() + answerMs; Date.now() < end; await sleep(pollMs))
    if (!(await isScoringAlive(folder))) return;
  throw new MarginError(
    'no-answer',
    `The scorer of ${folder} did not end within ${answerMs / 1000} s. See its ${scoringPaths.state(folder)} for its process.`,
    { folder },
  );
}

export async function isScoringAlive(folder: string): Promise<boolean> {
  const state = await readScoringState(folder);
  return state?.status === 'running' && isTrainerAlive(folder, state, Date.now());
}
