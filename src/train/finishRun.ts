import { thisMachine } from '../base/node/thisMachine';
import { MarginError } from '../base/pure/marginError';
import { readScoringState, stepsToScore, writeScoringState } from '../run/scoring';
import { runVersion } from '../run/types';
import { remarksOnEnd } from './bestModel';
import { restoreModel } from './checkpoints';
import type { Measurements } from './measurements';
import type { Run } from './run';
import { save } from './trainSteps';

/**
 * Ends a run: saves a checkpoint, then evaluates and draws samples a last time. The checkpoint comes first, so a run
 * that is killed here resumes with the evaluation. A run that was stopped by a person ends with the checkpoint.
 */
export async function finishRun(run: Run, measurements: Measurements, stopped: boolean): Promise<void> {
  const { trainer, reporter } = run;
  const { held } = run.rows;
  const { step, standing } = trainer.position;
  await save(run);
  const best = stopped ? null : await endOnBest(run);
  await offerScoring(run, best ?? step, stopped ? 'offered' : 'running');
  if (best === null && standing.evaluated === step) return;
  if (stopped)
    return reporter.note(
      `Stopped at step ${step}: ${held ? 'the held-out rows are not measured and ' : ''}no samples are drawn at this step; a resumed run does so at its end`,
    );
  if (best === null && held) await measurements.heldOut(held);
  await measurements.samples(best ?? step);
}

/**
 * Writes scoring.json with the number of pairs to score.
 *
 * @param status `running`: this process scores them right after; `offered`: a person may ask for it
 */
async function offerScoring({ folder, config, rows }: Run, step: number, status: 'offered' | 'running'): Promise<void> {
  const before = await readScoringState(folder);
  // A run that was resumed and stopped again at the same step keeps the rows that are scored already.
  const scored = before?.step === step ? before.scored : 0;
  const total = rows.train.rows.count * stepsToScore(config, step).length;
  writeScoringState(folder, {
    version: runVersion,
    status: scored === total ? 'done' : status,
    pid: process.pid,
    machine: thisMachine(),
    heartbeat: Date.now(),
    step,
    scored,
    total,
    eta: null,
    error: null,
  });
}

/**
 * Notes how a run ended that nobody stopped. With `load_best_model_at_end` it loads the weights of the best evaluation.
 *
 * @returns the step of the loaded weights; null if the model keeps those of the last step
 */
async function endOnBest({ folder, trainer, config, reporter }: Run): Promise<number | null> {
  const { step, standing } = trainer.position;
  for (const sentence of remarksOnEnd(standing, config, step, trainer.steps)) reporter.note(sentence);
  const { best } = standing;
  if (!config.load_best_model_at_end || best === null || best.step === step) return null;
  try {
    await restoreModel(folder, best.step, trainer);
    return best.step;
  } catch (error) {
    if (!(error instanceof MarginError) || error.code !== 'checkpoint-damaged') throw error;
    reporter.note(`${error.message} So the run ends with the weights of its last step, not of its best.`);
    return null;
  }
}
