import { at } from '../base/pure/must';
import type { Sampling } from './types';

/** Draws tokens one after another. It keeps the memory of a draw for the next one, so one loop of drawing has one. */
export class TokenDrawer {
  /** The weights of the last draw. A new array for each would be cleared by the system page by page. */
  private weights = new Float64Array();

  /** @param sampling undefined: each token is the most likely one */
  constructor(private readonly sampling: Sampling | undefined) {}

  /**
   * The next token: the most likely one without `sampling`, otherwise one drawn as `transformers` draws. The logits are
   * divided by the temperature. Then the token is drawn from the `topK` most likely tokens (with all ties of the last
   * one), and from the smallest set of most likely tokens whose probability reaches `topP` (nucleus sampling, Holtzman
   * et al. 2020, arXiv:1904.09751).
   *
   * @param logits [vocabulary]
   * @param random gives a number in [0, 1); called once with sampling, not at all without it
   * @returns the id of the token, from 0
   * @throws MarginError `missing` for empty logits
   */
  draw(logits: Float32Array, random: () => number): number {
    const best = mostLikely(logits);
    if (!this.sampling) return best;
    const { temperature, topK, topP } = this.sampling;
    const floor = topK > 0 && topK < logits.length ? at(logits.toSorted(), logits.length - topK) : -Infinity;
    if (this.weights.length !== logits.length) this.weights = new Float64Array(logits.length);
    weigh(logits, temperature, at(logits, best), floor, this.weights);
    return (topP < 1 ? drawOf(nucleus(this.weights, topP), random) : drawById(this.weights, random)) ?? best;
  }
}

// A vocabulary has 50,000 to 250,000 tokens, and a step of 32 drafts draws 32 of them while the model waits. So these
// are loops over indices: callbacks of `from` and `reduce`, iterators, and `at()`, which takes lists of all kinds, make
// a draw several times as slow. The loops use `absent` for an index past the end, which never comes.
const absent = Number.NaN;

/** The id of the largest logit; the first one if several are equal. */
function mostLikely(logits: Float32Array): number {
  let best = 0;
  let highest = at(logits, 0);
  for (let id = 1; id < logits.length; id++) {
    const logit = logits[id] ?? absent;
    if (logit > highest) {
      highest = logit;
      best = id;
    }
  }
  return best;
}

/** Writes exp((logit − highest) / temperature) of each token, and 0 below the floor, into `weights`. */
function weigh(logits: Float32Array, temperature: number, highest: number, floor: number, weights: Float64Array): void {
  for (let id = 0; id < weights.length; id++) {
    const logit = logits[id] ?? absent;
    weights[id] = logit >= floor ? Math.exp((logit - highest) / temperature) : 0;
  }
}

function sumOf(weights: Float64Array): number {
  let sum = 0;
  for (let id = 0; id < weights.length; id++) sum += weights[id] ?? absent;
  return sum;
}

/** An id, with the probability of its weight; null if rounding leaves none. */
function drawById(weights: Float64Array, random: () => number): number | null {
  let point = random() * sumOf(weights);
  for (let id = 0; id < weights.length; id++) if ((point -= weights[id] ?? absent) < 0) return id;
  return null;
}

interface Weighted {
  readonly id: number;
  readonly weight: number;
}

/** As {@link drawById}, of some tokens. */
function drawOf(tokens: readonly Weighted[], random: () => number): number | null {
  let point = random() * tokens.reduce((sum, { weight }) => sum + weight, 0);
  return tokens.find(({ weight }) => (point -= weight) < 0)?.id ?? null;
}

/** A step down to less likely tokens; the first one takes those of at least this share of the likeliest token. */
const lower = 1 / 16;

/** The smallest set of tokens that has a share of `topP` of the sum, largest first. Holds at least one token. */
function nucleus(weights: Float64Array, topP: number): readonly Weighted[] {
  const total = sumOf(weights);
  // All weights below this have less than 1 − topP of the sum together. So none of them is in the set.
  const last = ((1 - topP) * total) / weights.length;
  // The set is mostly small, so only the likeliest tokens are sorted. The largest weight is 1.
  for (let least = lower; ; least *= lower) {
    const likely = tokensFrom(weights, Math.max(least, last));
    let mass = 0;
    const end = likely.findIndex(({ weight }) => (mass += weight) >= topP * total);
    if (end >= 0) return likely.slice(0, end + 1);
    if (least <= last) return likely;
  }
}

/** The tokens with at least this weight, the likeliest first. */
function tokensFrom(weights: Float64Array, least: number): readonly Weighted[] {
  const found: Weighted[] = [];
  for (let id = 0; id < weights.length; id++) {
    const weight = weights[id] ?? absent;
    if (weight >= least) found.push({ id, weight });
  }
  return found.sort((a, b) => b.weight - a.weight || a.id - b.id);
}
