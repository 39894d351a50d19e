import { thisMachine } from '../base/node/thisMachine';
import { MarginError } from '../base/pure/marginError';
import { isLiving } from './alive';
import { readRun } from './find';
import { RunLock } from './lock';
import { withdrawScoringStop, writeScoringState } from './scoring';
import { launchTrainer, type ProgramOptions, type StartedRun } from './start';
import { runVersion, type Scoring } from './types';

/**
 * Starts the scorer of an ended run as a separate process that outlives this one. It continues where an earlier scorer
 * stopped. Errors: `run-alive`, `no-checkpoint`, `run-locked`, `not-a-run`, `trainer-missing`, and those of the
 * folder's files.
 */
export async function startScoring(folder: string, options: ProgramOptions): Promise<StartedRun> {
  await scorable(folder);
  const lock = await RunLock.acquire(folder, 'scoring');
  try {
    const scoring = await scorable(folder);
    await withdrawScoringStop(folder);
    // The scorer takes a moment to write its first state. Until then views must not offer to start another one.
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
      `${folder} is still training. Its pairs are scored when it is done; stop it to score them now.`,
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
