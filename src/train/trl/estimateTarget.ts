import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from '../../base/pure/must';
import { openTokenizer } from '../../model/tokenizer';
import type { Checkpoint } from '../../model/types';
import type { RowSource } from '../../reward/rowStore';
import type { TrainConfig } from '../../run/types';
import { memoryOf } from '../../trl/estimate/memory';
import type { HeaviestBatch, MemoryPart, ModelSizes } from '../../trl/estimate/types';
import { costOf, secondsOf, workOf, type RowTokens, type Work } from '../../trl/estimate/work';
import { localTarget } from '../../trl/knownTargets';
import { figuresOf, noFigures, type TargetFigures } from '../../trl/targets/figures';
import { findTarget } from '../../trl/targets/findTargets';
import { rowLengths } from '../estimate/rowLengths';
import { maxRowTokens } from '../loadRows';
import { loadSides } from '../split';
import { modelSizes } from './modelSizes';
import { openModel, targetRate, type FoundRate } from './targetRate';

/** What a run of TRL needs on its target. Null: not known. */
export interface TargetEstimate {
  readonly config: TrainConfig;
  readonly sizes: ModelSizes;
  readonly train: RowTokens;
  readonly held: RowTokens | null;
  readonly work: Work;
  readonly batch: HeaviestBatch;
  /** Of one process, which usually has one GPU. */
  readonly memory: readonly MemoryPart[];
  readonly figures: TargetFigures;
  readonly rate: FoundRate | { readonly reasons: readonly string[] };
  /** Tokens per second that the time is computed with. */
  readonly tokensPerSecond: number | null;
  readonly seconds: number | null;
  readonly cost: number | null;
}

/**
 * Estimates time, cost and memory of a run of TRL on the target of its config. Reads the model's headers and the rows,
 * and the events of earlier runs; opens no weights and asks no target.
 *
 * @throws MarginError `unknown-target` | `target-figure`, those of opening the model and of loading rows
 */
export async function estimateTarget(
  config: TrainConfig,
  onProgress?: (rows: number) => Promise<void>,
): Promise<TargetEstimate> {
  const isLocal = config.target === localTarget;
  const target = isLocal ? null : await findTarget(config.output_dir, config.target);
  const figures = isLocal ? noFigures : await figuresOf(config.output_dir, config.target);
  const checkpoint = await openModel(config.model_name_or_path);
  const sizes = await modelSizes(config, checkpoint);
  const { train, held, longest } = await readRows(config, checkpoint, onProgress);
  const work = workOf(config, train, held);
  const sequences = config.per_device_train_batch_size * (config.trainer === 'kto' ? 1 : 2);
  const batch = { sequences, length: longest };
  const rate = await targetRate(config, target, sizes.parameters);
  const tokensPerSecond = 'tokensPerSecond' in rate ? rate.tokensPerSecond : figures.tokens_per_second;
  const seconds = tokensPerSecond === null ? null : secondsOf(work, tokensPerSecond);
  const price = figures.price_per_hour;
  const cost = seconds === null || price === null ? null : costOf(seconds, price, config.num_machines);
  const memory = memoryOf(config, sizes, batch);
  return { config, sizes, train, held, work, batch, memory, figures, rate, tokensPerSecond, seconds, cost };
}

interface ReadRows {
  readonly train: RowTokens;
  readonly held: RowTokens | null;
  /** Tokens of the longest sequence that is trained. */
  readonly longest: number;
}

async function readRows(
  config: TrainConfig,
  checkpoint: Checkpoint,
  onProgress?: (rows: number) => Promise<void>,
): Promise<ReadRows> {
  const scratch = await mkdtemp(join(tmpdir(), 'margin-estimate-'));
  try {
    const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
    const sides = await loadSides(config, tokenizer, maxRowTokens(config, checkpoint), {
      scratch,
      ...(onProgress ? { onProgress } : {}),
    });
    try {
      const train = await rowTokens(sides.train.rows);
      const held = sides.held && (await rowTokens(sides.held.rows));
      return { train, held, longest: train.longest };
    } finally {
      await Promise.all([sides.train.rows.close(), sides.held?.rows.close()]);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** TRL gives each answer its own sequence with the prompt before it. A judged answer has one. */
async function rowTokens(rows: RowSource): Promise<RowTokens & { readonly longest: number }> {
  const { prompt, chosen, rejected } = await rowLengths(rows);
  let [tokens, longest] = [0, 0];
  for (let row = 0; row < rows.count; row++) {
    for (const answer of [at(chosen, row), at(rejected, row)]) {
      if (answer === 0) continue;
      tokens += at(prompt, row) + answer;
      longest = Math.max(longest, at(prompt, row) + answer);
    }
  }
  return { rows: rows.count, tokens, longest };
}
