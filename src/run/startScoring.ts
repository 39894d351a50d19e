import { thisMachine } from '../base/node/thisMachine';
import { MarginError } from '../base/pure/marginError';
import { isLiving } from './alive';
import { readRun } from './find';
import { RunLock } from './lock';
import { forgetScoringWish, writeScoringState } from './scoring';
import { launchTrainer, type ProgramOptions, type StartedRun } from './start';
import { runVersion, type Scoring } from './types';

/**
 * Starts the scorer of a run that ended, as a process of its own that outlives this one. It goes on where an earlier
 * one stopped. Errors: `run-alive`, `no-checkpoint`, `run-locked`, `not-a-run`, `trainer-missing`, and those of the
 * folder's files.
 */
export async function startScoring(folder: string, options: ProgramOptions): Promise<StartedRun> {
  await scorable(folder);
  const lock = await RunLock.acquire(folder, 'scoring');
  try {
    const scoring = await scorable(folder);
    await forgetScoringWish(folder);
    // The process takes a moment to tell of itself; meanwhile nobody is to offer another.
    writeScoringState(folder, {
      ...scoring,
      version: runVersion,
      status: 'running',
      pid: 0,
      machine: thisMachine(),
      heartbeat: Date.now(),
      error: null,
    });
    return await launchTrainer(folder, options, ['--score'], lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function scorable(folder: string): Promise<Scoring> {
  const { status, scoring } = await readRun(folder);
  if (isLiving(status))
    throw new MarginError(
      'run-alive',
      `${folder} still trains. Its pairs are scored when it is done; stop it to score them now.`,
      { folder },
    );
  if (scoring === null)
    throw new MarginError(
      'no-checkpoint',
      `${folder} has no checkpoint, so there is no model to score with. Resume the run first.`,
      { folder },
    );
  return scoring;
}
