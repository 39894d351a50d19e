import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../../base/node/fileError';
import { makeFolder } from '../../base/node/makeFolder';
import { writeAllSync } from '../../base/node/writeAll';
import { MarginError } from '../../base/pure/marginError';
import { writeAdapter } from '../../model/adapter';
import { openCheckpoint } from '../../model/checkpoint';
import { locateModel } from '../../model/locate';
import { openTokenizer } from '../../model/tokenizer';
import type { Checkpoint } from '../../model/types';
import { cacheFolder } from '../../base/node/cacheFolder';
import type { LoadOptions } from '../../reward/rowCollector';
import type { Remark } from '../../reward/remarks';
import type { TrainConfig } from '../../run/types';
import { jobFolder, writeJob, type JobParts, type TrlJob } from '../../trl/job';
import { epochOrder } from '../batches';
import { maxRowTokens } from '../loadRows';
import { startingAdapter } from '../policy';
import { sideRemarks } from '../sideRemarks';
import { loadSides, type Sides } from '../split';
import { RowFile } from './rowFile';

export interface PreparedJob {
  readonly job: TrlJob;
  /** What a person should know about the rows. */
  readonly remarks: readonly Remark[];
  readonly rows: number;
  readonly heldRows: number;
}

/**
 * Writes everything that a run of TRL needs into `RUN/trl`: the rows that Margin would train on, in its order; the
 * adapter that Margin would start from; runner.py and its arguments.
 *
 * @throws MarginError `trl-rows` if TRL cannot read a row, `trl-weights` if rows have weights, those of opening the
 *   model and of loading rows
 */
export async function prepareJob(
  asked: TrainConfig,
  runFolder: string,
  loading: Pick<LoadOptions, 'onProgress'> = {},
): Promise<PreparedJob> {
  const { folder: model, adapter: start } = await locateModel(asked.model_name_or_path, join(cacheFolder(), 'models'));
  const checkpoint = await openCheckpoint(model);
  const config = { ...asked, adapter_name_or_path: asked.adapter_name_or_path ?? start };
  const folder = jobFolder(runFolder);
  await makeFolder(join(folder, 'data'));
  const rows = await writeRows(config, checkpoint, runFolder, loading);
  if (config.use_peft) await writeAdapter(join(folder, 'adapter'), await startingAdapter(config, checkpoint), model);
  const job = await writeJob(config, runFolder, { ...rows.parts, model, adapter: config.use_peft });
  const heldRows = rows.parts.held === null ? 0 : rows.parts.held.rows;
  return { job, remarks: rows.remarks, rows: rows.parts.train.rows, heldRows };
}

interface WrittenRows {
  readonly parts: Pick<JobParts, 'train' | 'held' | 'order'>;
  readonly remarks: readonly Remark[];
}

async function writeRows(
  config: TrainConfig,
  checkpoint: Checkpoint,
  runFolder: string,
  loading: Pick<LoadOptions, 'onProgress'>,
): Promise<WrittenRows> {
  const folder = jobFolder(runFolder);
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  const chat = tokenizer.chat !== null;
  const files = {
    train: new RowFile(join(folder, 'data', 'train.jsonl'), config.train_file, chat),
    held: new RowFile(join(folder, 'data', 'eval.jsonl'), config.eval_file ?? config.train_file, chat),
  };
  const sides = await loadSides(config, tokenizer, maxRowTokens(config, checkpoint), {
    ...loading,
    scratch: runFolder,
    onKept: (side, row) => files[side].add(row),
  });
  try {
    refuseWeights(config, sides);
    const train = { file: 'data/train.jsonl', sha256: files.train.close(), rows: files.train.rows };
    const heldHash = files.held.close();
    const held = sides.held && { file: 'data/eval.jsonl', sha256: heldHash, rows: files.held.rows };
    const order = writeOrder(config, folder, sides);
    return { parts: { train, held, order }, remarks: sideRemarks(sides, config) };
  } finally {
    await Promise.all([sides.train.rows.close(), sides.held?.rows.close()]);
  }
}

function refuseWeights(config: TrainConfig, { train }: Sides): void {
  const [line] = train.weighted.first;
  if (line === undefined) return;
  throw new MarginError(
    'trl-weights',
    `${config.train_file}:${line} has a weight${config.use_marks ? ' (use_marks makes the strength of a verdict its weight)' : ''}, and TRL has no weights of rows: remove them, or use backend: margin.`,
    { file: config.train_file, line },
  );
}

/** Writes the order of each epoch's rows. null: the order of the file. */
function writeOrder(config: TrainConfig, folder: string, { train }: Sides): JobParts['order'] {
  if (config.train_sampling_strategy === 'sequential') return null;
  const { rows } = train;
  const hash = createHash('sha256');
  const file = 'data/order.u32';
  const path = join(folder, file);
  const epochs = epochsOf(config, rows.count);
  try {
    const descriptor = openSync(path, 'w');
    try {
      for (let epoch = 0; epoch < epochs; epoch++) {
        const order = epochOrder(config, rows.count, epoch, (row) => rows.tokensOf(row));
        const bytes = Buffer.from(order.buffer, order.byteOffset, order.byteLength);
        hash.update(bytes);
        writeAllSync(descriptor, bytes);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
  return { file, sha256: hash.digest('hex'), epochs };
}

/** Epochs of a run, the last of which may be short. More processes take the rows of a step faster. */
function epochsOf(config: TrainConfig, rows: number): number {
  if (config.max_steps <= 0) return Math.ceil(config.num_train_epochs);
  const perStep = config.per_device_train_batch_size * config.gradient_accumulation_steps * config.num_processes;
  return Math.ceil(config.max_steps / Math.ceil(rows / perStep));
}
