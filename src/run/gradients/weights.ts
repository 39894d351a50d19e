import type { Breathing } from '../../base/pure/breathing';
import { BucketOrder } from '../../base/pure/bucketOrder';
import type { TrainConfig } from '../types';
import { lossSlope } from './lossSlope';
import type { PairGains } from './slope';

/** Pairs between two looks at the clock. */
const slicePairs = 1 << 13;
/** The paper's ε of EXO, whose loss is infinite at 0 (Ji et al. 2024, arXiv:2402.00856). */
const exoSmoothing = 1e-3;

/** All pairs of a step by column; see {@link PairGains}. */
export type GainColumns = Readonly<Record<keyof PairGains, Float64Array>>;

/**
 * The weight of each pair in the gradient: (|∂loss/∂log π(chosen)| + |∂loss/∂log π(rejected)|) / 2β, so that it is
 * |∂loss/∂margin| for a loss of the margin: σ(−margin) for DPO. Times β and the learning rate it is what a step pulls
 * at a nat of log-prob, up to what AdamW divides out.
 *
 * @returns a text that says why the loss has none
 */
export async function pairWeights(
  pairs: GainColumns,
  config: TrainConfig,
  slices: Breathing,
): Promise<Float64Array | string> {
  const slope = lossSlope(config);
  if (typeof slope === 'string') return slope;
  const { chosen, rejected, chosenTokens, rejectedTokens } = pairs;
  const meanTokens = meanOfTokens(chosenTokens);
  const smoothing = config.loss_type.includes('exo_pair') && config.label_smoothing === 0 ? exoSmoothing : null;
  const settings = { ...config, label_smoothing: smoothing ?? config.label_smoothing, meanTokens };
  const weights = new Float64Array(chosen.length);
  /** One object serves for all pairs. */
  const pair = { chosen: 0, rejected: 0, chosenTokens: 0, rejectedTokens: 0 };
  for (let place = 0; place < weights.length; place++) {
    if (place % slicePairs === 0) await slices.breathe();
    pair.chosen = chosen[place] as number;
    pair.rejected = rejected[place] as number;
    pair.chosenTokens = chosenTokens[place] as number;
    pair.rejectedTokens = rejectedTokens[place] as number;
    const found = slope(pair, settings);
    weights[place] = (Math.abs(found.chosen) + Math.abs(found.rejected)) / (2 * config.beta);
  }
  return weights;
}

function meanOfTokens(tokens: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < tokens.length; place++) sum += Math.max(1, tokens[place] as number);
  return sum / tokens.length;
}

/** How the gradient is spread over pairs. */
export interface Spread {
  /** All pairs, those of the largest weight first. */
  readonly order: BucketOrder;
  readonly total: number;
  /** For each of the `parts` of {@link spreadOf}: what that part of the pairs carries of the gradient, 0 to 1. */
  readonly shares: readonly number[];
  /** How many of the heaviest pairs carry half of the gradient together. */
  readonly half: number;
}

/** @param parts of the pairs, from 0 to 1, ascending */
export async function spreadOf(weights: Float64Array, parts: readonly number[], slices: Breathing): Promise<Spread> {
  const places = new Int32Array(weights.length);
  for (let place = 0; place < places.length; place++) places[place] = place;
  const order = await BucketOrder.of(places, weights, true, slices);
  const { total, ofFirst, until } = await order.sums(slices);
  const shares: number[] = [];
  for (const part of parts) {
    const count = Math.min(order.length, Math.max(1, Math.round(part * order.length)));
    shares.push(total > 0 ? (await ofFirst(count)) / total : 0);
  }
  return { order, total, shares, half: await until(total / 2) };
}

/**
 * The range of margins that some pairs have, and no other pair: those below `high`, or from `low` on; null if other
 * pairs lie between.
 *
 * @param isOne of each pair 1 if it is one of them
 */
export function marginsOnlyOf(
  isOne: Uint8Array,
  margins: Float64Array,
): { readonly low: number | null; readonly high: number | null } | null {
  let [lowest, highest, otherLowest, otherHighest] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let place = 0; place < margins.length; place++) {
    const margin = margins[place] as number;
    if (isOne[place] === 1) {
      if (margin < lowest) lowest = margin;
      if (margin > highest) highest = margin;
    } else {
      if (margin < otherLowest) otherLowest = margin;
      if (margin > otherHighest) otherHighest = margin;
    }
  }
  if (lowest > highest || otherLowest > otherHighest) return null;
  if (highest < otherLowest) return { low: null, high: otherLowest };
  return lowest > otherHighest ? { low: lowest, high: null } : null;
}
