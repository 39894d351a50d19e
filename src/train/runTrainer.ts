import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openCheckpoint } from '../model/checkpoint';
import { openTokenizer, type TextTokenizer } from '../model/tokenizer';
import { MarginError } from '../pairs/marginError';
import { loadPairs, type LoadedPairs } from '../reward/loadPairs';
import { scorePairs } from '../reward/scorePairs';
import type { GenerateSession, ScoreSession } from '../engine/types';
import { readControl, readRunConfig, runPaths } from '../run/folder';
import type { TrainConfig } from '../run/types';
import { meanMetrics } from './metrics';
import { restoreCheckpoint, saveCheckpoint } from './checkpoints';
import { drawSamples, evaluate, openPolicy, openSampler, type Sample } from './evaluate';
import type { RunReporter } from './reporter';
import { Trainer } from './trainer';

/** How often a paused run looks whether it may go on. */
const pausePollMs = 200;
/** Prompts answered before and after. */
const sampleCount = 3;

/** Everything a run works with once it is under way. */
interface Run {
  readonly folder: string;
  readonly config: TrainConfig;
  readonly reporter: RunReporter;
  readonly trainer: Trainer;
  readonly tokenizer: TextTokenizer;
  readonly train: LoadedPairs;
  readonly held: LoadedPairs | null;
  readonly policy: ScoreSession;
  readonly sampler: GenerateSession;
}

/**
 * Trains what a run folder's config.json asks for and writes everything else in that folder. Ends at the last step, or
 * with a checkpoint as soon as control.json or `stopping` wants it to.
 *
 * @param stopping asked between steps, for signals
 */
export async function runTrainer(folder: string, resume: boolean, reporter: RunReporter, stopping: () => boolean): Promise<void> {
  const run = await openRun(folder, reporter);
  if (resume) await restoreCheckpoint(folder, run.trainer);
  reporter.update({ status: 'running', step: run.trainer.position.step, steps: run.trainer.steps });
  const before = await drawSamples((run.held ?? run.train).rows, sampleCount, run.tokenizer, run.sampler);
  if (!resume) await writeRewards(run, run.trainer.referenceSession);
  const stopped = await trainSteps(run, stopping);
  await finish(run, resume ? null : before);
  reporter.end(stopped ? 'stopped' : 'done');
}

async function openRun(folder: string, reporter: RunReporter): Promise<Run> {
  const { config } = await readRunConfig(folder);
  const checkpoint = await openCheckpoint(config.model_name_or_path);
  const tokenizer = await openTokenizer(config.model_name_or_path, checkpoint.config.vocabSize);
  // Positions beyond the model's own are never trained, whatever max_length allows.
  const maxLength = Math.min(config.max_length ?? Number.POSITIVE_INFINITY, checkpoint.config.maxPositions);
  const train = await loadPairs(config.train_file, tokenizer, { maxLength });
  const held = config.eval_file === null ? null : await loadPairs(config.eval_file, tokenizer, { maxLength });
  for (const sentence of remarks(config.train_file, train)) reporter.note(sentence);
  const trainer = await Trainer.open(config, checkpoint, train.rows.map(({ pair }) => pair));
  const [policy, sampler] = [await openPolicy(trainer), await openSampler(trainer)];
  return { folder, config, reporter, trainer, tokenizer, train, held, policy, sampler };
}

function remarks(file: string, { unusable, tooLong, truncated, mismatched }: LoadedPairs): string[] {
  const lines = (numbers: readonly number[]): string => `${numbers.slice(0, 10).join(', ')}${numbers.length > 10 ? ', …' : ''}`;
  return [
    unusable.length > 0 ? `${unusable.length} lines of ${file} hold no pair and are left out: ${lines(unusable)}` : '',
    tooLong.length > 0 ? `${tooLong.length} prompts fill max_length by themselves and are left out: lines ${lines(tooLong)}` : '',
    truncated > 0 ? `${truncated} answers are longer than max_length and lose their end` : '',
    mismatched > 0 ? `${mismatched} answers tokenise differently together with their prompt; they are cut at the prompt's length, as TRL does` : '',
  ].filter((sentence) => sentence !== '');
}

/** Runs to the last step; true if it was asked to stop before. */
async function trainSteps(run: Run, stopping: () => boolean): Promise<boolean> {
  const { trainer, config, reporter } = run;
  let logged: Record<string, number>[] = [];
  while (trainer.position.step < trainer.steps) {
    if (await wantsStop(run, stopping)) return true;
    const { tokens } = trainer.position;
    const start = performance.now();
    const metrics = await trainer.step();
    const { step } = trainer.position;
    checkFinite(metrics, step);
    reporter.stepped(step, (performance.now() - start) / 1000, config.per_device_train_batch_size * config.gradient_accumulation_steps, trainer.position.tokens - tokens);
    logged.push(metrics);
    if (step % config.logging_steps === 0 || step === trainer.steps || step === 1) {
      const { grad_norm = 0, learning_rate = 0, num_tokens = 0, epoch = 0 } = metrics;
      reporter.event({ t: Date.now(), step, kind: 'train', metrics: { ...meanMetrics(logged), grad_norm, learning_rate, num_tokens, epoch } });
      logged = [];
    }
    if (step === trainer.steps) break;
    if (config.save_steps > 0 && step % config.save_steps === 0) await save(run);
    if (config.reward_steps > 0 && step % config.reward_steps === 0) await measure(run);
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

function checkFinite(metrics: Readonly<Record<string, number>>, step: number): void {
  const bad = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
  if (bad) throw new MarginError('not-finite', `Step ${step}: ${bad[0]} is ${bad[1]}. Lower learning_rate, or look at the pairs of this step.`, { step });
}

async function save(run: Run): Promise<void> {
  const path = await saveCheckpoint(run.folder, run.trainer);
  run.reporter.event({ t: Date.now(), step: run.trainer.position.step, kind: 'checkpoint', path });
}

/** Rewards of every pair, and the metrics of the held-out ones. */
async function measure(run: Run): Promise<void> {
  await writeRewards(run, run.policy);
  if (!run.held) return;
  const metrics = await evaluate(run.trainer, run.held.rows, run.policy);
  run.reporter.event({ t: Date.now(), step: run.trainer.position.step, kind: 'eval', metrics });
}

/** The file appears whole or not at all. */
async function writeRewards({ folder, config, trainer, train, reporter }: Run, policy: ScoreSession): Promise<void> {
  const { step } = trainer.position;
  const path = runPaths.rewards(folder, step);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w');
  try {
    const options = { beta: config.beta, batchSize: config.per_device_train_batch_size };
    for await (const reward of scorePairs(train.rows, policy, trainer.referenceSession, options)) await file.write(`${JSON.stringify(reward)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  reporter.event({ t: Date.now(), step, kind: 'rewards', path });
}

async function finish(run: Run, before: readonly Sample[] | null): Promise<void> {
  const { trainer, reporter } = run;
  if (trainer.position.step > 0) await save(run);
  await measure(run);
  const after = await drawSamples((run.held ?? run.train).rows, sampleCount, run.tokenizer, run.sampler);
  after.forEach(({ prompt, answer }, i) => {
    reporter.event({ t: Date.now(), step: trainer.position.step, kind: 'sample', prompt, before: before?.[i]?.answer ?? '', after: answer });
  });
  await Promise.all([trainer.release(), run.policy.release(), run.sampler.release()]);
}
