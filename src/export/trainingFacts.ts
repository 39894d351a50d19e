import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { openRegular } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import { readAllEvents } from '../run/events';
import { defaultOf } from '../run/keys/key';
import { keys } from '../run/keys/keys';
import type { FileFingerprint, Metrics, TrainConfig } from '../run/types';
import type { ExportOptions } from './options';
import type { RunOrigin } from './source';

/** The facts of a run that a model card shows. File names have no folders, which would reveal paths of this machine. */
export interface TrainingFacts {
  readonly data: {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
    /** Null: the file is missing or has changed since. */
    readonly rows: number | null;
  };
  readonly evalFile: string | null;
  readonly settings: readonly (readonly [key: string, value: unknown])[];
  /** The last training metrics up to the checkpoint's step; null: there are none. */
  readonly train: LoggedMetrics | null;
  /** The last evaluation up to the checkpoint's step; null: there is none. */
  readonly evaluation: LoggedMetrics | null;
  /** Versions that the run recorded, by name: `margin`, `node`, … */
  readonly versions: Readonly<Record<string, string | undefined>>;
}

/** The metrics of one step. */
export interface LoggedMetrics {
  readonly step: number;
  readonly metrics: Metrics;
}

/** Settings that a card shows even if they have their default. */
const mainKeys: ReadonlySet<string> = new Set([
  'trainer',
  'loss_type',
  'beta',
  'learning_rate',
  'lr_scheduler_type',
  'per_device_train_batch_size',
  'gradient_accumulation_steps',
  'num_train_epochs',
  'max_length',
  'seed',
]);
const loraKeys: ReadonlySet<string> = new Set(['lora_r', 'lora_alpha', 'lora_target_modules']);
/** Settings that a card shows elsewhere, or that matter on this machine only. */
const hiddenKeys: ReadonlySet<string> = new Set([
  'model_name_or_path',
  'train_file',
  'eval_file',
  'output_dir',
  'run_name',
]);

/**
 * Collects the facts of a run up to a step. It reads the training file to count its rows, and reports progress.
 *
 * @throws MarginError of the run's files; AbortError
 */
export async function trainingFacts(
  { folder, step, config: { config, data, versions } }: RunOrigin,
  { onProgress, signal }: Pick<ExportOptions, 'onProgress' | 'signal'>,
): Promise<TrainingFacts> {
  const events = (await readAllEvents(folder)).filter((event) => event.step <= step);
  const last = (kind: 'train' | 'eval'): LoggedMetrics | null =>
    // At step 0 only the guard is measured.
    events
      .flatMap((event) => (event.kind === kind && event.step > 0 ? [{ step: event.step, metrics: event.metrics }] : []))
      .at(-1) ?? null;
  const rows = await countRows(data, (done) => {
    signal.throwIfAborted();
    onProgress('data', done, data.size);
  });
  return {
    data: { name: basename(data.path), sha256: data.sha256, bytes: data.size, rows },
    evalFile: config.eval_file === null ? null : basename(config.eval_file),
    settings: settingsOf(config),
    train: last('train'),
    evaluation: last('eval'),
    versions,
  };
}

function settingsOf(config: TrainConfig): (readonly [string, unknown])[] {
  return keys.flatMap((key) => {
    const { name, type } = key;
    const value = config[name];
    const isMain = mainKeys.has(name) || (config.use_peft && loraKeys.has(name));
    if (
      hiddenKeys.has(name) ||
      (name === 'num_train_epochs' && config.max_steps > 0) ||
      (!isMain && JSON.stringify(value) === JSON.stringify(defaultOf(key, config.trainer)))
    )
      return [];
    // Without weights in the config, each loss has the weight 1.
    if (name === 'loss_weights' && config.loss_weights.every((weight) => weight === 1)) return [];
    return [[name, type.kind === 'path' && typeof value === 'string' ? basename(value) : value] as const];
  });
}

/** The number of lines that are not blank; null: the file is missing or is not the one that the run recorded. */
async function countRows({ path, sha256 }: FileFingerprint, read: (bytes: number) => void): Promise<number | null> {
  const hash = createHash('sha256');
  let [done, rows, blank] = [0, 0, true];
  try {
    const file = await openRegular(path);
    // The stream closes the file.
    for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      for (const byte of chunk) {
        if (byte === 0x0a) blank = true;
        else if (blank && byte > 0x20) [rows, blank] = [rows + 1, false];
      }
      read((done += chunk.length));
    }
  } catch (error) {
    // The card then has no number of rows; the hash still identifies the file.
    if (isGone(error)) return null;
    throw error;
  }
  return hash.digest('hex') === sha256 ? rows : null;
}

const goneCodes: ReadonlySet<string> = new Set(['missing', 'not-writable', 'not-a-folder', 'not-a-file']);
const isGone = (error: unknown): boolean => error instanceof MarginError && goneCodes.has(error.code);
