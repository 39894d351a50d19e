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

/** What a model card tells of a run, with no path of this machine in it. */
export interface TrainingFacts {
  readonly data: {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly rows: number | null;
  };
  readonly evalFile: string | null;
  readonly settings: readonly (readonly [key: string, value: unknown])[];
  /** The last points up to the checkpoint's step. */
  readonly train: Point | null;
  readonly held: Point | null;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Point {
  readonly step: number;
  readonly metrics: Metrics;
}

/** Told even where they are as by default: what a reader of a card looks for first. */
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
/** Told elsewhere in a card, or of no interest to others. */
const leftOut: ReadonlySet<string> = new Set([
  'model_name_or_path',
  'train_file',
  'eval_file',
  'output_dir',
  'run_name',
]);

export async function trainingFacts(
  { folder, step, config: { config, data, versions } }: RunOrigin,
  { onProgress, signal }: Pick<ExportOptions, 'onProgress' | 'signal'>,
): Promise<TrainingFacts> {
  const events = (await readAllEvents(folder)).filter((event) => event.step <= step);
  const last = (kind: 'train' | 'eval'): Point | null =>
    events.flatMap((event) => (event.kind === kind ? [{ step: event.step, metrics: event.metrics }] : [])).at(-1) ??
    null;
  const rows = await countRows(data, (done) => {
    signal.throwIfAborted();
    onProgress('data', done, data.size);
  });
  return {
    data: { name: basename(data.path), sha256: data.sha256, bytes: data.size, rows },
    evalFile: config.eval_file === null ? null : basename(config.eval_file),
    settings: settingsOf(config),
    train: last('train'),
    held: last('eval'),
    versions,
  };
}

function settingsOf(config: TrainConfig): (readonly [string, unknown])[] {
  return keys.flatMap((key) => {
    const { name, type } = key;
    const value = config[name];
    const isMain = mainKeys.has(name) || (config.use_peft && loraKeys.has(name));
    if (
      leftOut.has(name) ||
      (name === 'num_train_epochs' && config.max_steps > 0) ||
      (!isMain && JSON.stringify(value) === JSON.stringify(defaultOf(key, config.trainer)))
    )
      return [];
    // Weights are filled in as one each where the config gives none.
    if (name === 'loss_weights' && config.loss_weights.every((weight) => weight === 1)) return [];
    return [[name, type.kind === 'path' && typeof value === 'string' ? basename(value) : value] as const];
  });
}

/** Lines with something on them of a file that is still what the run recorded; null where it is gone or another. */
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
    // The card does without the number; what was trained on is told by the hash.
    if (isGone(error)) return null;
    throw error;
  }
  return hash.digest('hex') === sha256 ? rows : null;
}

const goneCodes: ReadonlySet<string> = new Set(['missing', 'not-writable', 'not-a-folder', 'not-a-file']);
const isGone = (error: unknown): boolean => error instanceof MarginError && goneCodes.has(error.code);
