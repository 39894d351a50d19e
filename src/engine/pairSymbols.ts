import { detach } from '../graph/algebra';
import { add, mul } from '../graph/elementwise';
import { reshape, slice } from '../graph/structure';
import { input, type Tensor } from '../graph/tensor';
import { f32, type Feeds } from './runtime';
import type { TokenSums } from './tokenSums';
import type { PackedBatch, PairSymbols } from './types';

/**
 * The arguments of a loss, from sums over tokens. Where the input `unknown` is 1, the reference's log-prob is the
 * policy's own, without gradient.
 */
export function pairSymbols({ sequences, completions, prompts, agreements }: TokenSums): PairSymbols {
  const own = mul(input('unknown', 'f32', [2, 'pairs']), reshape(detach(sequences), [2, 'pairs']));
  const reference = add(input('reference', 'f32', [2, 'pairs']), own);
  const lengths = input('lengths', 'f32', [2, 'pairs']);
  const half = (x: Tensor, side: 0 | 1): Tensor => reshape(slice(x, 0, side, side + 1), ['pairs']);
  return {
    chosen: half(sequences, 0),
    rejected: half(sequences, 1),
    refChosen: half(reference, 0),
    refRejected: half(reference, 1),
    chosenLength: half(lengths, 0),
    rejectedLength: half(lengths, 1),
    chosenTokens: half(completions, 0),
    prompt: reshape(prompts, ['pairs']),
    promptLength: input('promptLengths', 'f32', ['pairs']),
    weight: input('weights', 'f32', ['pairs']),
    desirable: input('desirable', 'f32', ['pairs']),
    agreement: agreements && { chosen: half(agreements, 0), rejected: half(agreements, 1) },
  };
}

/**
 * The inputs that {@link pairSymbols} adds to a graph.
 *
 * @param reference [2·pairs] log-probs in nats, in the order of the batch's sequences; NaN stands for the policy's own
 *   log-prob
 */
export function pairFeeds(
  { pairs, lengths, promptLengths, weights, desirable }: PackedBatch,
  reference: Float32Array,
): Feeds {
  return {
    reference: f32(
      reference.map((logp) => (Number.isNaN(logp) ? 0 : logp)),
      [2, pairs],
    ),
    unknown: f32(
      reference.map((logp) => (Number.isNaN(logp) ? 1 : 0)),
      [2, pairs],
    ),
    lengths: f32(lengths, [2, pairs]),
    promptLengths: f32(promptLengths, [pairs]),
    weights: f32(weights, [pairs]),
    desirable: f32(desirable, [pairs]),
  };
}
