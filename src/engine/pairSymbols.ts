import { reshape, slice } from '../graph/structure';
import { input, type Tensor } from '../graph/tensor';
import { f32, Program, type Feeds } from './runtime';
import type { LossFunction, PairSymbols } from './types';

/** What an objective sees of sequence log-probs [2, pairs, 1]: each side by itself, with its reference and length. */
export function pairSymbols(sequenceLogps: Tensor): PairSymbols {
  const reference = input('reference', 'f32', [2, 'pairs']);
  const lengths = input('lengths', 'f32', [2, 'pairs']);
  const half = (x: Tensor, side: 0 | 1): Tensor => reshape(slice(x, 0, side, side + 1), ['pairs']);
  return {
    chosen: half(sequenceLogps, 0),
    rejected: half(sequenceLogps, 1),
    refChosen: half(reference, 0),
    refRejected: half(reference, 1),
    chosenLength: half(lengths, 0),
    rejectedLength: half(lengths, 1),
  };
}

/** Both [2·pairs], ordered as a batch's sequences. */
export function pairFeeds(reference: Float32Array, lengths: Float32Array): Feeds {
  const shape = [2, lengths.length / 2];
  return { reference: f32(reference, shape), lengths: f32(lengths, shape) };
}

export interface LossSession {
  /** The objective's value for given log-probs, all [2·pairs]. */
  loss(sequenceLogps: Float32Array, reference: Float32Array, lengths: Float32Array): Promise<number>;
  release(): Promise<void>;
}

/** An objective by itself, without a model: the loss of an evaluation. */
export async function openLossSession(loss: LossFunction): Promise<LossSession> {
  const program = await Program.compile({ loss: loss(pairSymbols(input('sequenceLogps', 'f32', [2, 'pairs', 1]))) }, { threads: 1 });
  return {
    async loss(sequenceLogps, reference, lengths) {
      const logps = f32(sequenceLogps, [2, lengths.length / 2, 1]);
      const results = await program.run({ sequenceLogps: logps, ...pairFeeds(reference, lengths) });
      return results.loss?.[0] ?? Number.NaN;
    },
    release: () => program.release(),
  };
}
