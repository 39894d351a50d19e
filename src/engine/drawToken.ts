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
  const highest = at(logits, best);
  const floor = topK > 0 && topK < logits.length ? at(logits.toSorted(), logits.length - topK) : -Infinity;
  const weights = Float64Array.from(logits, (logit) =>
    logit >= floor ? Math.exp((logit - highest) / temperature) : 0,
  );
  const candidates = topP < 1 ? nucleus(weights, topP) : Uint32Array.from(weights.keys());
  let point = random() * candidates.reduce((mass, id) => mass + at(weights, id), 0);
  return candidates.find((id) => (point -= at(weights, id)) < 0) ?? best;
}

/** The id of the largest logit; the first one if several are equal. */
function mostLikely(logits: Float32Array): number {
  let best = 0;
  let highest = at(logits, 0);
  logits.forEach((logit, id) => {
    if (logit > highest) [best, highest] = [id, logit];
  });
  return best;
}

/** The ids of the smallest set that has a share of `topP` of the sum, largest first. Holds at least one id. */
function nucleus(weights: Float64Array, topP: number): Uint32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // All weights below this have less than 1 − topP of the sum together. So none of them is in the set, and they need
  // not be sorted.
  const least = ((1 - topP) * total) / weights.length;
  const ranked = Uint32Array.from(weights.keys())
    .filter((id) => at(weights, id) >= least)
    .sort((a, b) => at(weights, b) - at(weights, a) || a - b);
  let mass = 0;
  const end = ranked.findIndex((id) => (mass += at(weights, id)) >= topP * total);
  return ranked.subarray(0, end < 0 ? ranked.length : end + 1);
}
