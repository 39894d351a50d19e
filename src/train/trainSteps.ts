import { readControl } from '../run/folder';
import { evalSteps } from './batches';
import { isPatienceGone } from './bestModel';
import { saveCheckpoint } from './checkpoints';
import type { Measurements } from './measurements';
import { explained, type Run } from './run';

/** How often a paused run looks whether it may go on. */
const pausePollMs = 200;

/**
 * Runs to the last step, or until evaluations get no better. Before a step's checkpoint comes all that was due at the
 * step, so that a resumed run has it.
 *
 * @returns whether it was asked to stop before
 */
export async function trainSteps(run: Run, measurements: Measurements, stopping: () => boolean): Promise<boolean> {
  const { trainer, config, held } = run;
  while (trainer.position.step < trainer.steps && !isPatienceGone(trainer.position.standing, config)) {
    if (await wantsStop(run, stopping)) {
      run.reporter.update({ status: 'stopping', eta: null });
      return true;
    }
    await trainStep(run);
    // Before other work of the run, and not before the first point of its curves.
    await run.record.complete();
    const { step } = trainer.position;
    const isLast = step === trainer.steps;
    if (!isLast && isDue(config.reward_steps, step)) await measurements.rewards();
    const isBest = held !== null && (isLast || isDue(evalSteps(config), step)) && (await measurements.evaluate(held));
    if (isBest || (!isLast && isDue(config.save_steps, step))) await save(run);
  }
  return false;
}

/** One step, and its point of the curves where one is due. */
async function trainStep(run: Run): Promise<void> {
  const { trainer, config, reporter } = run;
  const { tokens } = trainer.position;
  const start = performance.now();
  const metrics = await explained(run, config.train_file, run.train, () => trainer.step());
  const { step } = trainer.position;
  const pairs = config.per_device_train_batch_size * config.gradient_accumulation_steps;
  reporter.stepped(step, {
    seconds: (performance.now() - start) / 1000,
    pairs,
    tokens: trainer.position.tokens - tokens,
  });
  const due = isDue(config.logging_steps, step) || step === trainer.steps;
  // The first step is shown at once, and still counts in the first mean.
  if (due || step === 1)
    reporter.event({ t: Date.now(), step, kind: 'train', metrics: due ? trainer.takeLog() : metrics });
}

/** Waits while a pause is wanted. */
async function wantsStop({ folder, reporter }: Run, stopping: () => boolean): Promise<boolean> {
  for (let paused = false; ; paused = true) {
    const { want } = await readControl(folder);
    if (want === 'stop' || stopping()) return true;
    if (want === 'run') {
      if (paused) reporter.update({ status: 'running' });
      return false;
    }
    if (!paused) reporter.update({ status: 'paused', eta: null });
    await new Promise((resolve) => setTimeout(resolve, pausePollMs));
  }
}

/** Each so many steps; 0: never. */
const isDue = (every: number, step: number): boolean => every > 0 && step % every === 0;

/** A checkpoint of the step, if it has none yet. */
export async function save({ folder, trainer, reporter }: Run): Promise<void> {
  const saved = await saveCheckpoint(folder, trainer);
  if (saved !== null) reporter.event({ t: Date.now(), step: trainer.position.step, kind: 'checkpoint', path: saved });
}
