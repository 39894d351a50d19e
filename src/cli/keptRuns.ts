import { join } from 'node:path';
import { version } from '../../package.json';
import { MarginError } from '../base/pure/marginError';
import { createRun, recordedVersions, resolveRun } from '../run/resolve';
import { startRun } from '../run/start';
import { parseTrainConfig } from '../run/trainConfig';
import type { TrainConfig } from '../run/types';
import { estimate } from '../train/estimate/estimate';
import { problems } from '../train/estimate/sentences';
import type { Estimate } from '../train/estimate/types';
import type { Reading } from '../pairs/reading';
import type { Surroundings } from './command';
import { followRun } from './followRun';
import { interruption } from './interruption';
import { Progress } from './progress';
import { findSameRun, type KnownRun } from './sameRun';
import { scoreRun } from './scoreRun';

/** Runs are kept by content: a command that needs a run takes one that is there, or continues it. */

/** What short runs on a file have in common. */
export interface ShortRuns {
  readonly reading: Reading;
  readonly model: string;
  readonly epochs: number;
  readonly learningRate: number;
  readonly outputDir: string;
}

/** A run that a command needs. `known` is such a run that exists already. */
export interface NeededRun {
  readonly config: TrainConfig;
  readonly known: KnownRun | null;
}

/** The config of a short run: LoRA on all linear layers, and otherwise the defaults. */
export function shortRun(
  { reading, ...plan }: ShortRuns,
  own: Pick<TrainConfig, 'run_name' | 'train_file' | 'seed'> & Partial<Pick<TrainConfig, 'max_steps'>>,
): TrainConfig {
  const { columns, format, rule } = reading;
  const keys = {
    model_name_or_path: plan.model,
    output_dir: plan.outputDir,
    columns,
    data_format: format,
    ...(rule === null ? {} : { pair_rule: rule.name, pair_gap: rule.gap, pair_ties: rule.ties }),
    use_peft: true,
    lora_r: 8,
    lora_alpha: 16,
    lora_target_modules: 'all-linear',
    learning_rate: plan.learningRate,
    warmup_steps: 0.1,
    per_device_train_batch_size: 4,
    num_train_epochs: plan.epochs,
    ...own,
  };
  return parseTrainConfig(JSON.stringify(keys), join(plan.outputDir, 'short.train.json'));
}

/** Looks for a run that is needed. @throws MarginError those of `resolveRun` */
export async function neededRun(config: TrainConfig): Promise<NeededRun> {
  return { config, known: await knownRun(config) };
}

async function knownRun(config: TrainConfig): Promise<KnownRun | null> {
  return findSameRun(config.output_dir, await resolveRun(config, recordedVersions(version)));
}

/** What a run takes, measured by a dry run of it. `remarks` are about its rows. */
export interface RunPrice {
  readonly found: Estimate;
  readonly remarks: readonly string[];
}

/** @throws MarginError `does-not-fit`; those of a run's config, model and rows */
export async function priceOf(config: TrainConfig, { output, programs }: Surroundings): Promise<RunPrice> {
  const progress = new Progress(output);
  const remarks: string[] = [];
  const found = await estimate(config, {
    trainer: join(programs, 'trainer.js'),
    node: process.execPath,
    onPhase: () => progress.update('measuring what the runs will take'),
    onRemark: (message) => void remarks.push(message),
    signal: interruption().signal,
  }).finally(() => progress.end());
  return { found, remarks };
}

/** @throws MarginError `does-not-fit` */
export function refuseTooLarge({ found }: RunPrice, { model_name_or_path: model }: TrainConfig): void {
  if (!found.fits) throw new MarginError('does-not-fit', problems(found).join(' '), { model });
}

/**
 * Trains and scores a run, as far as this has not been done. Returns its folder.
 *
 * @param onProgress called with each line of the progress of the training
 * @throws MarginError `interrupted` | `run-failed`
 */
export async function trainedRun(
  { config, known }: NeededRun,
  surroundings: Surroundings,
  onProgress: (line: string) => void = () => undefined,
): Promise<string> {
  if (known?.isScored) return known.folder;
  if (known?.isTrained) {
    await scoreRun(known.folder, { json: false, isPart: true }, surroundings);
    return known.folder;
  }
  const { output, programs } = surroundings;
  const folder = known ? known.folder : await createRun(config, recordedVersions(version));
  const since = Date.now();
  const trainer = { trainer: join(programs, 'trainer.js'), node: process.execPath };
  const started = await startRun(folder, { ...trainer, resume: known !== null });
  const code = await followRun(folder, started, output, { json: false, since, isPart: true, onProgress });
  if (code !== 0) throw new MarginError('run-failed', `The run ${folder} failed, so there is no verdict.`, { folder });
  const now = await knownRun(config);
  if (now?.isScored) return now.folder;
  const message = 'Stopped. What is trained and scored is kept: run the same command again to continue.';
  throw new MarginError('interrupted', message, { folder });
}
