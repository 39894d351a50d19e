import { withWeightCheck } from '../model/finite';
import { runPaths } from '../run/folder';
import { isGuardChanged } from '../run/guardFile';
import { changedMarks } from '../run/marksRecord';
import type { RunConfig, TrainConfig } from '../run/types';
import { batteryNote, isOnBattery } from './battery';
import { bestOf, refuseUnknownMetric } from './bestModel';
import { restoreCheckpoint } from './checkpoints';
import { evaluationMetrics } from './evaluationMetrics';
import { marksNote, mismatchOf } from './changedMarks';
import { finishRun } from './finishRun';
import { Measurements } from './measurements';
import { openRun } from './openRun';
import type { RunReporter } from './reporter';
import { reportLoading, StoppedLoading } from './reportLoading';
import { removeAbandoned } from './rotateCheckpoints';
import type { Run } from './run';
import { closeRows, loadRunRows, type LoadRunRows } from './runRows';
import { hasReference } from './trainers';
import { trainSteps } from './trainSteps';

export interface RunTrainerOptions {
  /** Continue from the newest checkpoint. */
  readonly resume: boolean;
  /** Called between steps and while rows are read; true stops the run. */
  readonly stopping: () => boolean;
  /** Folder of reference log-probs, shared by all runs. */
  readonly cache: string;
  /** Reads the rows; in this thread if left out. */
  readonly load?: LoadRunRows;
}

/**
 * Trains a run as its config asks, and writes everything into the run folder. Ends at the last step, or with a
 * checkpoint when control.json or `stopping` asks for a stop. Scores pairs only where `reward_steps` asks for it
 * between steps; the rest is left to {@link scoreRun}.
 *
 * @returns `done` if the run ended by itself
 * @throws MarginError those of loading the model and the rows, `not-finite`, `checkpoint-mismatch`, those of writing
 */
export async function runTrainer(
  folder: string,
  asked: RunConfig,
  reporter: RunReporter,
  { resume, stopping, cache, load = loadRunRows }: RunTrainerOptions,
): Promise<'stopped' | 'done'> {
  refuseUnknownMetric(asked.config, evaluationMetrics(asked.config));
  if (resume) await removeAbandoned(folder);
  const onProgress = reportLoading(folder, reporter, stopping);
  const opening = openRun(folder, asked, reporter, cache, (request) => load(request, onProgress));
  const run = await opening.catch(nullIfStopped);
  if (!run) {
    reporter.end('stopped');
    return 'stopped';
  }
  try {
    const status = await withWeightCheck([run.trainer.checkpoint], () => train(run, asked, resume, stopping));
    reporter.end(status);
    return status;
  } finally {
    run.visits.close();
    await closeRows(run.rows);
  }
}

/** A run that is stopped while it reads its rows has nothing to save. */
function nullIfStopped(error: unknown): null {
  if (error instanceof StoppedLoading) return null;
  throw error;
}

async function train(
  run: Run,
  asked: RunConfig,
  resume: boolean,
  stopping: () => boolean,
): Promise<'stopped' | 'done'> {
  const { trainer, reporter } = run;
  if (resume) await resumeRun(run, await changedMarks(asked));
  if (resume && (await isGuardChanged(asked)))
    reporter.note(
      `${String(asked.config.guard_file)} changed since the run was made: the curve of the guard jumps here.`,
    );
  noteRemarks(run);
  if ((await isOnBattery()) === true) reporter.note(batteryNote);
  const { step, standing } = trainer.position;
  reporter.update({
    status: 'running',
    rows_read: null,
    step,
    steps: trainer.steps,
    best: bestOf(standing, run.config),
    ...(run.rows.held ? { held_out: run.rows.held.rows.count } : {}),
  });
  const measurements = new Measurements(run);
  await measurements.start();
  const stopped = await trainSteps(run, measurements, stopping);
  if (trainer.position.step > 0) await finishRun(run, measurements, stopped);
  await Promise.all([trainer.release(), run.policy.release()]);
  return stopped ? 'stopped' : 'done';
}

/**
 * Restores the newest checkpoint, and removes the events and visits after it, because they will be recorded again. A
 * run that died before its first checkpoint starts over in its folder.
 */
async function resumeRun({ folder, trainer, reporter, visits }: Run, marks: readonly string[]): Promise<void> {
  const { step, damaged } = await restoreCheckpoint(folder, trainer).catch((error: unknown) =>
    Promise.reject(mismatchOf(error, marks)),
  );
  const hasCheckpoint = step > 0;
  const announced = await reporter.forgetBeyond(hasCheckpoint ? step : -1);
  await visits.truncateAfter(step);
  // The trainer may have died after it wrote the checkpoint and before it wrote the event.
  if (hasCheckpoint && !announced)
    reporter.event({ t: Date.now(), step, kind: 'checkpoint', path: runPaths.checkpoint(folder, step) });
  for (const { error, keptAs } of damaged)
    reporter.note(`${error.message} It is kept as ${keptAs}; the run continues from step ${step}.`);
  if (marks.length > 0) reporter.note(marksNote(marks, hasCheckpoint));
  if (!hasCheckpoint) reporter.note('The run had no checkpoint yet, so it starts over at its first step.');
}

function noteRemarks({ config, otherBase, reporter, rows, trainer }: Run): void {
  if (otherBase !== null)
    reporter.note(
      `The adapter ${config.adapter_name_or_path} was made for the base model "${otherBase}", and this run puts it on ${config.model_name_or_path}: their shapes are the same, but an adapter fits only the weights that it was trained on`,
    );
  if (trainer.referenceModel.start && hasReference(config)) reporter.note(referenceRemark(config));
  for (const { message } of rows.remarks) reporter.note(message);
}

/** Says what the reference is. For a run that starts from an adapter that was trained before. */
function referenceRemark({ adapter_name_or_path: adapter, ref_model: reference }: TrainConfig): string {
  return reference === 'base'
    ? `The run starts from the adapter ${adapter}; its reference is the model without it (ref_model: base), so rewards do not begin at 0`
    : `The run starts from the adapter ${adapter}, which is its reference too, so rewards begin at 0 (with ref_model: base the reference would be the model without it)`;
}
