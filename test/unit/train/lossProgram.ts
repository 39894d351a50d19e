import { pairSymbols } from '../../../src/engine/pairSymbols';
import { f32, Program, type Feeds, type RuntimeOptions } from '../../../src/engine/runtime';
import { gradients } from '../../../src/graph/gradients';
import { input } from '../../../src/graph/tensor';
import type { TrainConfig } from '../../../src/run/types';
import { lossOf } from '../../../src/train/objectives/table';
import { readConfig } from './golden';

/** Sums of log-probs of a batch. References are 0 and lengths 10 (chosen) and 20 (rejected) where not given. */
export interface Batch {
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  readonly refChosen?: readonly number[];
  readonly refRejected?: readonly number[];
  readonly chosenLengths?: readonly number[];
  readonly rejectedLengths?: readonly number[];
  /** Sums of log-probs of prompts, 0 where not given. */
  readonly prompts?: readonly number[];
  readonly promptLengths?: readonly number[];
  /** Sums of log p − log Σ p², chosen then rejected; 0 where not given. */
  readonly agreements?: readonly number[];
  /** 1 where not given. */
  readonly weights?: readonly number[];
  readonly desirable?: readonly number[];
}

export interface Evaluated {
  readonly loss: number;
  /** ∂loss/∂log-prob of every chosen, then every rejected answer. */
  readonly gradient: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
}

/** An objective by itself, without a model: its value and gradient at given log-probs. */
export async function evaluateLoss(
  keys: Partial<TrainConfig>,
  batch: Batch,
  options: RuntimeOptions = { threads: 1 },
): Promise<Evaluated> {
  const logps = input('logps', 'f32', [2, 'pairs', 1]);
  const sums = {
    sequences: logps,
    completions: logps,
    prompts: input('prompts', 'f32', [1, 'pairs', 1]),
    agreements: input('agreements', 'f32', [2, 'pairs', 1]),
  };
  const symbols = pairSymbols(sums);
  const own = lossOf(readConfig({ train_file: 'none.jsonl', ...keys }));
  const [loss, metrics] = [own.loss(symbols), own.metrics?.(symbols)];
  const [gradient] = gradients(loss, [logps]);
  if (!gradient) throw new Error('no gradient');
  const program = await Program.compile({ ...metrics, loss, gradient }, options);
  const { chosen, rejected } = batch;
  const zeros = chosen.map(() => 0);
  const reference = [...(batch.refChosen ?? zeros), ...(batch.refRejected ?? zeros)];
  const lengths = [...(batch.chosenLengths ?? zeros.map(() => 10)), ...(batch.rejectedLengths ?? zeros.map(() => 20))];
  const pairs = chosen.length;
  const perPair = (values: readonly number[] | undefined, other: number): Feeds[string] =>
    f32(Float32Array.from(values ?? chosen.map(() => other)), [pairs]);
  const {
    gradient: found = new Float32Array(),
    loss: value = new Float32Array(),
    ...logged
  } = await program.run({
    logps: f32(Float32Array.from([...chosen, ...rejected]), [2, pairs, 1]),
    prompts: f32(Float32Array.from(batch.prompts ?? zeros), [1, pairs, 1]),
    agreements: f32(Float32Array.from(batch.agreements ?? [...zeros, ...zeros]), [2, pairs, 1]),
    reference: f32(Float32Array.from(reference), [2, pairs]),
    unknown: f32(new Float32Array(2 * pairs), [2, pairs]),
    lengths: f32(Float32Array.from(lengths), [2, pairs]),
    promptLengths: perPair(batch.promptLengths, 5),
    weights: perPair(batch.weights, 1),
    desirable: perPair(batch.desirable, 1),
  });
  await program.release();
  return {
    loss: value[0] ?? Number.NaN,
    gradient: [...found],
    metrics: Object.fromEntries(Object.entries(logged).map(([name, [metric = Number.NaN]]) => [name, metric])),
  };
}

export const lossAt = async (keys: Partial<TrainConfig>, batch: Batch): Promise<number> =>
  (await evaluateLoss(keys, batch)).loss;
