import { at } from '../base/pure/must';
import type { Sampling } from './types';

/**
 * The next token: the most likely one without `sampling`, otherwise one drawn as `transformers` draws. The logits are
 * divided by the temperature. Then the token is drawn from the `topK` most likely tokens (with all ties of the last
 * one), and from the smallest set of most likely tokens whose probability reaches `topP` (nucleus sampling, Holtzman et
 * al. 2020, arXiv:1904.09751).
 *
 * @param logits [vocabulary]
 * @param random gives a number in [0, 1); called once if `sampling` is given
 * @throws MarginError `missing` for empty logits
 */
export function drawToken(logits: Float32Array, sampling: Sampling | undefined, random: () => number): number {
  const best = mostLikely(logits);
  if (!sampling) return best;
  const { temperature, topK, topP } = sampling;
  const floor = topK > 0 && topK < logits.length ? at(logits.toSorted(), logits.length - topK) : -Infinity;
  const weights = weightsOf(logits, temperature, at(logits, best), floor);
  const { ids, weights: kept } = topP < 1 ? nucleus(weights, topP) : { ids: null, weights };
  let point = random() * sumOf(kept);
  let place = 0;
  for (const weight of kept) {
    if ((point -= weight) < 0) return ids === null ? place : at(ids, place);
    place++;
  }
  return best;
}

// A vocabulary has 50,000 to 250,000 tokens, and a draft draws one each millisecond. So these are loops: callbacks of
// `from` and `reduce`, and `at()`, which takes lists of all kinds, make a draw ten times as slow.

/** The id of the largest logit; the first one if several are equal. */
function mostLikely(logits: Float32Array): number {
  let [best, id] = [0, 0];
  let highest = at(logits, 0);
  for (const logit of logits) {
    if (logit > highest) {
      highest = logit;
      best = id;
    }
    id++;
  }
  return best;
}

/** exp((logit − highest) / temperature) of each token, and 0 below the floor. */
function weightsOf(logits: Float32Array, temperature: number, highest: number, floor: number): Float64Array {
  const weights = new Float64Array(logits.length);
  let id = 0;
  for (const logit of logits) {
    if (logit >= floor) weights[id] = Math.exp((logit - highest) / temperature);
    id++;
  }
  return weights;
}

function sumOf(weights: Float64Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
}

/** The smallest set of tokens that has a share of `topP` of the sum, largest first. Holds at least one token. */
function nucleus(weights: Float64Array, topP: number): { readonly ids: Uint32Array; readonly weights: Float64Array } {
  const total = sumOf(weights);
  // All weights below this have less than 1 − topP of the sum together. So none of them is in the set, and they need
  // not be sorted.
  const least = ((1 - topP) * total) / weights.length;
  const likely: { readonly id: number; readonly weight: number }[] = [];
  let id = 0;
  for (const weight of weights) {
    if (weight >= least) likely.push({ id, weight });
    id++;
  }
  likely.sort((a, b) => b.weight - a.weight || a.id - b.id);
  let mass = 0;
  const end = likely.findIndex(({ weight }) => (mass += weight) >= topP * total);
  const kept = end < 0 ? likely : likely.slice(0, end + 1);
  return { ids: Uint32Array.from(kept, (one) => one.id), weights: Float64Array.from(kept, ({ weight }) => weight) };
}
