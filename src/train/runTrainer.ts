import { thisMachine } from '../base/node/thisMachine';
import { withWeightCheck } from '../model/finite';
import { readStopIds } from '../model/stopTokens';
import { openTokenizer } from '../model/tokenizer';
import { unchangedFingerprints, openCachedReference } from '../reward/cachedReference';
import type { LoadOptions } from '../reward/rowCollector';
import { openScoreSession } from '../engine/scoreSession';
import { MarginError } from '../base/pure/marginError';
import { runPaths } from '../run/folder';
import { readScoringState, stepsToScore, writeScoringState } from '../run/scoring';
import { runVersion, type RunConfig, type TrainConfig } from '../run/types';
import { bestOf, refuseUnknownMetric, remarksOnEnd } from './bestModel';
import { restoreCheckpoint, restoreModel } from './checkpoints';
import { evaluationMetrics, openPolicy } from './evaluate';
import { Measurements } from './measurements';
import { ModelRecord } from './modelRecord';
import { openBase } from './openBase';
import type { RunReporter } from './reporter';
import type { OpenReference } from './referenceModel';
import { removeAbandoned } from './rotateCheckpoints';
import type { Run } from './run';
import { sideRemarks } from './sideRemarks';
import { loadSides } from './split';
import { StoppedLoading, tellLoading } from './tellLoading';
import { Trainer } from './trainer';
import { hasReference } from './trainers';
import { save, trainSteps } from './trainSteps';

/**
 * Trains what a run's config asks for and writes everything else into its folder. Ends at the last step, or with a
 * checkpoint as soon as control.json or `stopping` wants it to.
 *
 * Of rewards it scores those alone that `reward_steps` asks for; the others are {@link scoreRun}'s.
 *
 * @param stopping asked between steps and while rows are read, for signals
 * @param cache folder of reference log-probs, shared by all runs
 * @returns `done` where the run came to its end by itself
 */
export async function runTrainer(
  folder: string,
  asked: RunConfig,
  resume: boolean,
  reporter: RunReporter,
  stopping: () => boolean,
  cache: string,
): Promise<'stopped' | 'done'> {
  refuseUnknownMetric(asked.config, evaluationMetrics(asked.config));
  if (resume) await removeAbandoned(folder);
  const onProgress = tellLoading(folder, reporter, stopping);
  const run = await openRun(folder, asked, reporter, cache, { scratch: folder, onProgress }).catch(nullIfStopped);
  if (!run) {
    reporter.end('stopped');
    return 'stopped';
  }
  try {
    const status = await withWeightCheck([run.trainer.checkpoint], () => carryOut(run, resume, stopping));
    reporter.end(status);
    return status;
  } finally {
    await Promise.all([run.train.rows.close(), run.held?.rows.close()]);
  }
}

async function carryOut(run: Run, resume: boolean, stopping: () => boolean): Promise<'stopped' | 'done'> {
  const { trainer, reporter } = run;
  if (resume) await takeUp(run);
  tellRemarks(run);
  const { step, standing } = trainer.position;
  reporter.update({
    status: 'running',
    rows_read: null,
    step,
    steps: trainer.steps,
    best: bestOf(standing, run.config),
  });
  const measurements = new Measurements(run);
  const stopped = await trainSteps(run, measurements, stopping);
  if (trainer.position.step > 0) await finish(run, measurements, stopped);
  await Promise.all([trainer.release(), run.policy.release()]);
  return stopped ? 'stopped' : 'done';
}

async function openRun(
  folder: string,
  asked: RunConfig,
  reporter: RunReporter,
  cache: string,
  loading: Pick<LoadOptions, 'scratch' | 'onProgress'>,
): Promise<Run> {
  const { config, checkpoint, isFound, otherBase } = await openBase(asked.config);
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  // Positions beyond the model's own are never trained, whatever max_length allows.
  const maxLength = Math.min(config.max_length ?? Number.POSITIVE_INFINITY, checkpoint.model.maxPositions);
  const { train, held, shared } = await loadSides(config, tokenizer, maxLength, loading);
  const record = new ModelRecord(folder, asked);
  const trainer = await Trainer.open(config, checkpoint, train.rows, referenceOpener(record, isFound ? null : cache));
  const stopIds = await readStopIds(checkpoint.folder, tokenizer);
  return {
    folder,
    config,
    otherBase,
    record,
    reporter,
    trainer,
    tokenizer,
    stopIds,
    train,
    held,
    shared,
    policy: openPolicy(trainer),
  };
}

/** A run that is stopped while it reads its rows has nothing to save. */
function nullIfStopped(error: unknown): null {
  if (error instanceof StoppedLoading) return null;
  throw error;
}

/** @param cache null: the run's fingerprints do not cover the base that an adapter named */
function referenceOpener(record: ModelRecord, cache: string | null): OpenReference {
  return async (options) => {
    const weights = cache === null ? null : await unchangedFingerprints(await record.complete());
    return cache === null || weights === null
      ? openScoreSession(options)
      : openCachedReference(options, cache, weights);
  };
}

/**
 * Puts a resumed run where its newest checkpoint was; what it recorded since goes, for it is recorded again. A run that
 * died before its first checkpoint begins again in its folder.
 */
async function takeUp({ folder, trainer, reporter }: Run): Promise<void> {
  const { step, damaged } = await restoreCheckpoint(folder, trainer);
  const found = step > 0;
  const told = await reporter.forgetBeyond(found ? step : -1);
  // It may have died between a checkpoint and the word of it.
  if (found && !told)
    reporter.event({ t: Date.now(), step, kind: 'checkpoint', path: runPaths.checkpoint(folder, step) });
  for (const { error, keptAs } of damaged)
    reporter.note(`${error.message} It is kept as ${keptAs}; the run goes on from step ${step}.`);
  if (!found) reporter.note('The run had no checkpoint yet, so it begins again at its first step.');
}

function tellRemarks({ config, otherBase, reporter, train, held, shared, trainer }: Run): void {
  if (otherBase !== null)
    reporter.note(
      `The adapter ${config.adapter_name_or_path} was made for the base model "${otherBase}", and this run puts it on ${config.model_name_or_path}: their shapes are the same, but it fits no other weights than those it was trained on`,
    );
  if (trainer.referenceModel.start && hasReference(config)) reporter.note(referenceRemark(config));
  for (const { message } of sideRemarks({ train, held, shared }, config)) reporter.note(message);
}

/** Of a run that starts from an adapter which changes something. */
function referenceRemark({ adapter_name_or_path: adapter, ref_model: held }: TrainConfig): string {
  return held === 'base'
    ? `The run starts from the adapter ${adapter}; its reference is the model without it (ref_model: base), so rewards do not begin at 0`
    : `The run starts from the adapter ${adapter}, which is its reference too, so rewards begin at 0 (ref_model: base would hold it against the model without it)`;
}

/**
 * The end of a run. The checkpoint comes first: a run that is killed here goes on from it with this very work. A person
 * who stops a run waits only for the checkpoint.
 */
async function finish(run: Run, measurements: Measurements, stopped: boolean): Promise<void> {
  const { trainer, held, reporter } = run;
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
 * Tells how many pairs there are to score. Those of a run that ended by itself are scored by this process, right after.
 */
async function offerScoring(
  { folder, config, train }: Run,
  step: number,
  status: 'offered' | 'running',
): Promise<void> {
  const before = await readScoringState(folder);
  // What was scored of this very step stays, as where a run is resumed and stopped before another one.
  const scored = before?.step === step ? before.scored : 0;
  const total = train.rows.count * stepsToScore(config, step).length;
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
 * Tells how a run ended that nobody stopped, and with `load_best_model_at_end` gives the model the weights of its best.
 *
 * @returns the step that the weights are now of, where it is another than the last
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
    reporter.note(`${error.message} So the run ends on its last step, not on its best.`);
    return null;
  }
}
