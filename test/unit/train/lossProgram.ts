import { pairFeeds, pairSymbols } from '../../../src/engine/pairSymbols';
import { f32, Program } from '../../../src/engine/runtime';
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
}

export interface Evaluated {
  readonly loss: number;
  /** ∂loss/∂log-prob of every chosen, then every rejected answer. */
  readonly gradient: readonly number[];
}

/** An objective by itself, without a model: its value and gradient at given log-probs. */
export async function evaluateLoss(keys: Partial<TrainConfig>, batch: Batch): Promise<Evaluated> {
  const logps = input('logps', 'f32', [2, 'pairs', 1]);
  const loss = lossOf(readConfig({ train_file: 'none.jsonl', ...keys }))(pairSymbols(logps));
  const [gradient] = gradients(loss, [logps]);
  if (!gradient) throw new Error('no gradient');
  const program = await Program.compile({ loss, gradient }, { threads: 1 });
  const { chosen, rejected } = batch;
  const zeros = chosen.map(() => 0);
  const reference = [...(batch.refChosen ?? zeros), ...(batch.refRejected ?? zeros)];
  const lengths = [...(batch.chosenLengths ?? zeros.map(() => 10)), ...(batch.rejectedLengths ?? zeros.map(() => 20))];
  const results = await program.run({
    logps: f32(Float32Array.from([...chosen, ...rejected]), [2, chosen.length, 1]),
    ...pairFeeds(Float32Array.from(reference), Float32Array.from(lengths)),
  });
  await program.release();
  return { loss: results.loss?.[0] ?? Number.NaN, gradient: [...(results.gradient ?? [])] };
}

export const lossAt = async (keys: Partial<TrainConfig>, batch: Batch): Promise<number> => (await evaluateLoss(keys, batch)).loss;
