import { join } from 'node:path';
import { openCheckpoint } from '../model/checkpoint';
import { refuseNotFinite } from '../model/finite';
import { locateModel } from '../model/locate';
import { readStopIds } from '../model/stopTokens';
import { openTokenizer, type TextTokenizer } from '../model/tokenizer';
import { knownWeights, openCachedReference } from '../reward/cachedReference';
import type { LoadedPairs, LoadOptions } from '../reward/rowCollector';
import { openGenerateSession } from '../engine/generateSession';
import { openScoreSession } from '../engine/scoreSession';
import type { MeasureSession, ScoreSession, SessionOptions } from '../engine/types';
import { cacheFolder } from '../run/cacheFolder';
import { checkpointSteps } from '../run/find';
import { readControl, runPaths } from '../run/folder';
import type { RunConfig, TrainConfig } from '../run/types';
import { removeAbandoned, restoreCheckpoint, saveCheckpoint } from './checkpoints';
import { evaluate, openPolicy, policyOptions, startOptions } from './evaluate';
import { remarksOn } from './loadRows';
import { explain, NumericTrouble } from './numericTrouble';
import type { RunReporter } from './reporter';
import { drawSamples, type Sample } from './samples';
import { loadSides } from './split';
import type { OpenReference } from './referenceModel';
import { StoppedLoading, tellLoading } from './tellLoading';
import { Trainer } from './trainer';
import { writeRewards } from './writeRewards';

/** How often a paused run looks whether it may go on. */
const pausePollMs = 200;

/** Everything a run works with once it is under way. */
interface Run {
  readonly folder: string;
  readonly config: TrainConfig;
  readonly reporter: RunReporter;
  readonly trainer: Trainer;
  readonly tokenizer: TextTokenizer;
  readonly stopIds: ReadonlySet<number>;
  readonly train: LoadedPairs;
  readonly held: LoadedPairs | null;
  readonly policy: MeasureSession;
}

/**
 * Trains what a run's config asks for and writes everything else into its folder. Ends at the last step, or with a
 * checkpoint as soon as control.json or `stopping` wants it to.
 *
 * @param stopping asked between steps and while rows are read, for signals
 * @param cache folder of reference log-probs, shared by all runs
 */
export async function runTrainer(folder: string, asked: RunConfig, resume: boolean, reporter: RunReporter, stopping: () => boolean, cache: string): Promise<void> {
  if (resume) await removeAbandoned(folder);
  const onProgress = tellLoading(folder, reporter, stopping);
  const run = await openRun(folder, asked, reporter, cache, { scratch: folder, onProgress }).catch(nullIfStopped);
  if (!run) return reporter.end('stopped');
  try {
    reporter.end(await carryOut(run, resume, stopping));
  } finally {
    await Promise.all([run.train.rows.close(), run.held?.rows.close()]);
  }
}

async function carryOut(run: Run, resume: boolean, stopping: () => boolean): Promise<'stopped' | 'done'> {
  const { trainer, reporter } = run;
  if (resume) await takeUp(run);
  tellRemarks(run);
  reporter.update({ status: 'running', rows_read: null, step: trainer.position.step, steps: trainer.steps });
  const isNew = trainer.position.step === 0;
  let before: readonly Sample[] | null = null;
  /** What the run started from hangs on its starting weights alone, so that the first point of the curves need not wait for it. */
  const measureStart = async (): Promise<readonly Sample[]> => {
    if (before) return before;
    if (isNew) await reward(run, trainer.referenceSession, 0);
    return (before = await samplesOf(run, startOptions(trainer)));
  };
  const stopped = await trainSteps(run, stopping, measureStart);
  await finish(run, measureStart);
  return stopped ? 'stopped' : 'done';
}

async function openRun(folder: string, asked: RunConfig, reporter: RunReporter, cache: string, loading: Pick<LoadOptions, 'scratch' | 'onProgress'>): Promise<Run> {
  const place = await locateModel(asked.config.model_name_or_path, join(cacheFolder(), 'models'));
  // A path to an adapter means its base with that adapter to start from.
  const config = { ...asked.config, adapter_name_or_path: asked.config.adapter_name_or_path ?? place.adapter };
  const checkpoint = await openCheckpoint(place.folder);
  await refuseNotFinite(checkpoint);
  const tokenizer = await openTokenizer(place.folder, checkpoint.model.vocabSize);
  // Positions beyond the model's own are never trained, whatever max_length allows.
  const maxLength = Math.min(config.max_length ?? Number.POSITIVE_INFINITY, checkpoint.model.maxPositions);
  const { train, held } = await loadSides(config, tokenizer, maxLength, loading);
  const trainer = await Trainer.open(config, checkpoint, train.rows, await referenceOpener(asked, place.adapter === null ? cache : null));
  const stopIds = await readStopIds(place.folder, tokenizer);
  return { folder, config, reporter, trainer, tokenizer, stopIds, train, held, policy: openPolicy(trainer) };
}

/** A run that is stopped while it reads its rows has nothing to save. */
function nullIfStopped(error: unknown): null {
  if (error instanceof StoppedLoading) return null;
  throw error;
}

/** @param cache null: the run's fingerprints do not cover the base that an adapter named */
async function referenceOpener(asked: RunConfig, cache: string | null): Promise<OpenReference> {
  const weights = cache === null ? null : await knownWeights(asked);
  return cache === null || weights === null ? openScoreSession : (options) => openCachedReference(options, cache, weights);
}

/**
 * Puts a resumed run where its newest checkpoint was; what it recorded since goes, for it is recorded again. A run that died
 * before its first checkpoint begins again in its folder.
 */
async function takeUp({ folder, trainer, reporter }: Run): Promise<void> {
  const found = await restoreCheckpoint(folder, trainer);
  reporter.forgetBeyond(found ? trainer.position.step : -1);
  if (!found) reporter.note('The run had no checkpoint yet, so it begins again at its first step.');
}

function tellRemarks({ config, reporter, train, held }: Run): void {
  for (const sentence of remarksOn(config.train_file, train, config)) reporter.note(sentence);
  if (!held) return;
  const isSplit = config.test_split_size > 0;
  if (isSplit) reporter.note(`${train.rows.count} rows are trained on, ${held.rows.count} are held out: all those of a prompt on one side`);
  for (const sentence of remarksOn(isSplit ? `${config.train_file} (held out)` : heldFile(config), held, config)) reporter.note(sentence);
}

const heldFile = ({ eval_file: file, train_file: split }: TrainConfig): string => file ?? split;

/**
 * Runs to the last step.
 *
 * @param shown called after each step's point and before its checkpoint, which says that all before it is done
 * @returns whether it was asked to stop before
 */
async function trainSteps(run: Run, stopping: () => boolean, shown: () => Promise<unknown>): Promise<boolean> {
  const { trainer, config, reporter } = run;
  while (trainer.position.step < trainer.steps) {
    if (await wantsStop(run, stopping)) {
      reporter.update({ status: 'stopping', eta: null });
      return true;
    }
    const { tokens } = trainer.position;
    const start = performance.now();
    const metrics = await explained(run, config.train_file, run.train, () => trainer.step());
    const { step } = trainer.position;
    const pairs = config.per_device_train_batch_size * config.gradient_accumulation_steps;
    reporter.stepped(step, { seconds: (performance.now() - start) / 1000, pairs, tokens: trainer.position.tokens - tokens });
    const due = step % config.logging_steps === 0 || step === trainer.steps;
    // The first step is shown at once, and still counts in the first mean.
    if (due || step === 1) reporter.event({ t: Date.now(), step, kind: 'train', metrics: due ? trainer.takeLog() : metrics });
    await shown();
    if (step === trainer.steps) break;
    if (config.reward_steps > 0 && step % config.reward_steps === 0) await measure(run);
    if (config.save_steps > 0 && step % config.save_steps === 0) await save(run);
  }
  return false;
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

/** Trouble with numbers is told by line and token, not by index. */
async function explained<T>({ folder, tokenizer }: Run, file: string, { rows }: LoadedPairs, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NumericTrouble)) throw error;
    const newest = (await checkpointSteps(folder)).at(-1);
    const [row] = await rows.read([error.trouble.pair]);
    throw explain(error, file, row?.line ?? 0, tokenizer, newest === undefined ? null : runPaths.checkpoint(folder, newest));
  }
}

async function save(run: Run): Promise<void> {
  const path = await saveCheckpoint(run.folder, run.trainer);
  run.reporter.event({ t: Date.now(), step: run.trainer.position.step, kind: 'checkpoint', path });
}

/** Rewards of every pair, and the metrics of the held-out ones. */
async function measure(run: Run): Promise<void> {
  const { config, trainer, held, policy } = run;
  await reward(run, policy);
  if (!held) return;
  const metrics = await explained(run, heldFile(config), held, () => evaluate(trainer, held.rows, policy));
  run.reporter.event({ t: Date.now(), step: trainer.position.step, kind: 'eval', metrics });
}

async function reward({ folder, trainer, train, reporter }: Run, policy: ScoreSession, step = trainer.position.step): Promise<void> {
  const path = await writeRewards(folder, step, trainer, train.rows, policy);
  reporter.event({ t: Date.now(), step, kind: 'rewards', path });
}

/** The session lives for its answers only: it holds a packed copy of the weights. */
async function samplesOf(run: Run, options: SessionOptions): Promise<Sample[]> {
  const session = await openGenerateSession(options);
  try {
    return await drawSamples((run.held ?? run.train).prompts, run, session);
  } finally {
    await session.release();
  }
}

async function finish(run: Run, measureStart: () => Promise<readonly Sample[]>): Promise<void> {
  const { trainer, reporter } = run;
  const { step } = trainer.position;
  // Stopped before the first step, the run has nothing that it did not start from.
  if (step > 0) {
    const before = await measureStart();
    await measure(run);
    await save(run);
    const after = await samplesOf(run, policyOptions(trainer));
    after.forEach(({ prompt, answer }, i) => {
      reporter.event({ t: Date.now(), step, kind: 'sample', prompt, before: before[i]?.answer ?? '', after: answer });
    });
  }
  await Promise.all([trainer.release(), run.policy.release()]);
}
