import { existsSync } from 'node:fs';
import { readControl, runPaths } from '../run/folder';
import { evalSteps } from './batches';
import { isPatienceGone } from './bestModel';
import { checkpointBytes, waitForRoom } from './checkpointRoom';
import { saveCheckpoint } from './checkpoints';
import type { Measurements } from './measurements';
import { explained, type Run } from './run';

/** How often a paused run reads control.json. */
const pausePollMs = 200;

/**
 * Takes steps up to the last one, or until early stopping. Rewards, evaluation and samples that are due at a step come
 * before its checkpoint, so a resumed run does not have to repeat them.
 *
 * @returns whether the run was asked to stop
 */
export async function trainSteps(run: Run, measurements: Measurements, stopping: () => boolean): Promise<boolean> {
  const { trainer, config } = run;
  const { held } = run.rows;
  while (trainer.position.step < trainer.steps && !isPatienceGone(trainer.position.standing, config)) {
    if (await wantsStop(run, stopping)) {
      run.reporter.update({ status: 'stopping', eta: null });
      return true;
    }
    await trainStep(run);
    // Both take from half a second to seconds, so they come after the first point of the curves.
    await run.record.complete();
    await run.answerTokens();
    const { step } = trainer.position;
    const isLast = step === trainer.steps;
    if (!isLast && isDue(config.reward_steps, step)) await measurements.rewards();
    const isBest = held !== null && (isLast || isDue(evalSteps(config), step)) && (await measurements.evaluate(held));
    if (isBest || (!isLast && isDue(config.save_steps, step))) await save(run);
  }
  return false;
}

/** Takes one step, writes down the pairs that it visited, and a point of the curves if one is due. */
async function trainStep(run: Run): Promise<void> {
  const { trainer, config, reporter, visits } = run;
  const { tokens } = trainer.position;
  const start = performance.now();
  const metrics = await explained(run, config.train_file, run.rows.train, () => trainer.step());
  visits.append(trainer.visits);
  const { step } = trainer.position;
  const pairs = config.per_device_train_batch_size * config.gradient_accumulation_steps;
  reporter.stepped(step, {
    seconds: (performance.now() - start) / 1000,
    pairs,
    tokens: trainer.position.tokens - tokens,
  });
  const due = isDue(config.logging_steps, step) || step === trainer.steps;
  // The first step always gets a point. It also counts in the mean of the next point.
  if (due || step === 1)
    reporter.event({ t: Date.now(), step, kind: 'train', metrics: due ? trainer.takeLog() : metrics });
}

/** Waits while control.json asks for a pause. Returns whether the run is to stop. */
async function wantsStop({ folder, reporter, trainer }: Run, stopping: () => boolean): Promise<boolean> {
  for (let paused = false; ; paused = true) {
    const { want, stop_at: last } = await readControl(folder);
    if (want === 'stop' || stopping()) return true;
    if (last !== undefined && trainer.position.step >= last) return true;
    if (want === 'run') {
      if (paused) reporter.update({ status: 'running' });
      return false;
    }
    if (!paused) reporter.update({ status: 'paused', eta: null });
    await new Promise((resolve) => setTimeout(resolve, pausePollMs));
  }
}

/** @param every steps from one time to the next; 0: never */
const isDue = (every: number, step: number): boolean => every > 0 && step % every === 0;

/** Saves a checkpoint of the current step, unless there is one. */
export async function save({ folder, trainer, reporter }: Run): Promise<void> {
  const { step } = trainer.position;
  if (!existsSync(runPaths.checkpoint(folder, step)))
    await waitForRoom(folder, step, checkpointBytes(trainer), reporter);
  const saved = await saveCheckpoint(folder, trainer);
  if (saved !== null) reporter.event({ t: Date.now(), step, kind: 'checkpoint', path: saved });
}
