import { at } from '../../base/pure/must';

/** The log-probs of the tokens of an answer, in nats; all lists have one entry for each token. */
export interface TokenLogps {
  /** Log-probs under the model that is scored. */
  readonly logps: ArrayLike<number>;
  /** Log-probs under the reference. */
  readonly ref_logps: ArrayLike<number>;
}

/**
 * The reward of each token of an answer: rₜ = β·(log π(yₜ | x, y₍<t₎) − log π_ref(yₜ | x, y₍<t₎)).
 *
 * Their sum is the implicit reward of the answer (Rafailov et al. 2023, arXiv:2305.18290). That a single one may be
 * read follows from Rafailov et al. 2024, "From r to Q*", arXiv:2404.12358: if each token is an action, this ratio is
 * the advantage of the token under the rewards for which the policy is optimal.
 *
 * @param beta the factor of the rewards, without unit
 * @returns [tokens] in nats times β
 */
export function tokenRewards(beta: number, { logps, ref_logps: references }: TokenLogps): Float64Array {
  return Float64Array.from(logps, (logp, i) => beta * (logp - at(references, i)));
}

/** [n] the sum of the values up to and with each. */
export function cumulative(values: ArrayLike<number>): Float64Array {
  let sum = 0;
  return Float64Array.from(values, (value) => (sum += value));
}

/**
 * The index of the first token in which two answers differ: there the model has to choose between them. If one answer
 * is the start of the other, it is the length of the shorter one. Null if they are the same.
 */
export function partingToken(chosen: ArrayLike<number>, rejected: ArrayLike<number>): number | null {
  const shorter = Math.min(chosen.length, rejected.length);
  for (let i = 0; i < shorter; i++) if (chosen[i] !== rejected[i]) return i;
  return chosen.length === rejected.length ? null : shorter;
}

/** The largest size of any value, which is 0 for none. The scale of colours runs from its negative to it. */
export function largestSize(...lists: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) largest = Math.max(largest, Math.abs(at(list, i)));
  return largest;
}

/** Steps of colour on each side of 0. */
export const heatSteps = 8;

/**
 * The step of colour of a reward, from −{@link heatSteps} to {@link heatSteps}. It grows with the root of the reward,
 * because a few tokens have most of the reward, and the others would look alike.
 *
 * @param scale the reward of the last step; 0: every reward is 0
 */
export function heatStep(reward: number, scale: number): number {
  if (scale === 0 || reward === 0) return 0;
  const share = Math.min(1, Math.sqrt(Math.abs(reward) / scale));
  return Math.sign(reward) * Math.round(share * heatSteps);
}
