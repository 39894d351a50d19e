import type { Sampling } from './types';

/**
 * The next token: the likeliest without `sampling`, else one drawn, in the order of `transformers`: from the logits
 * divided by the temperature, of the `topK` likeliest (ties of the last one included), from the smallest set of
 * likeliest tokens whose probability reaches `topP` (Holtzman et al. 2020, arXiv:1904.09751).
 *
 * @param logits [vocabulary]
 */
export function drawToken(logits: Float32Array, sampling: Sampling | undefined, random: () => number): number {
  const best = likeliest(logits);
  if (!sampling) return best;
  const { temperature, topK, topP } = sampling;
  const highest = logits[best] ?? 0;
  const floor = topK > 0 && topK < logits.length ? (logits.toSorted().at(-topK) ?? -Infinity) : -Infinity;
  const weights = Float64Array.from(logits, (logit) =>
    logit >= floor ? Math.exp((logit - highest) / temperature) : 0,
  );
  const candidates = topP < 1 ? nucleus(weights, topP) : Uint32Array.from(weights.keys());
  let point = random() * candidates.reduce((mass, id) => mass + (weights[id] ?? 0), 0);
  return candidates.find((id) => (point -= weights[id] ?? 0) < 0) ?? best;
}

/** The first of the largest. */
function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if ((logits[id] ?? 0) > (logits[best] ?? 0)) best = id;
  return best;
}

/** Ids of the smallest set that has a share of `topP` in the sum, largest first; at least one. */
function nucleus(weights: Float64Array, topP: number): Uint32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // All below this together have no share of 1 − topP, so none of them is needed, nor sorted.
  const least = ((1 - topP) * total) / weights.length;
  const ranked = Uint32Array.from(weights.keys())
    .filter((id) => (weights[id] ?? 0) >= least)
    .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  let mass = 0;
  const end = ranked.findIndex((id) => (mass += weights[id] ?? 0) >= topP * total);
  return ranked.subarray(0, end < 0 ? ranked.length : end + 1);
}
