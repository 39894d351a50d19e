import type { QuerySide } from './query/condition';

/** The numbers of a scored pair, which tables sort by and charts draw, with the field of the filter language. */
export const fieldOfNumber = {
  line: 'line',
  margin: 'margin',
  before: 'margin.before',
  delta: 'margin.delta',
  chosen: 'reward(chosen)',
  rejected: 'reward(rejected)',
  rank: 'rank',
  rankDelta: 'rank.delta',
  chosenLogp: 'logp(chosen)',
  rejectedLogp: 'logp(rejected)',
  chosenLogpToken: 'logp.token(chosen)',
  rejectedLogpToken: 'logp.token(rejected)',
  chosenKl: 'kl(chosen)',
  rejectedKl: 'kl(rejected)',
  lengthGap: 'gap.tokens',
  suspect: 'suspect',
} as const;

/**
 * - `before`: the margin in the measurement that is compared with; `delta`: margin − before.
 * - `chosen`, `rejected`: implicit rewards.
 * - `rank`: 1 for the lowest margin; `rankDelta`: rank − rank before, among the pairs that were scored before.
 * - `chosenLogp`: logp − ref_logp of the answer, in nats; `chosenLogpToken`: the same per token.
 * - `chosenKl`: exp(−d) − 1 + d in nats, d being `chosenLogpToken`: k3 of Schulman 2020, "Approximating KL Divergence"
 *   (joschu.net/blog/kl-approx.html), at the mean log-ratio of the tokens. k3 is convex, so this is at most its
 *   mean over the tokens. Someone else wrote the answers, so it says how far the model has moved on this answer, while
 *   the KL of its own answers is the curve `eval_objective/kl`.
 * - `lengthGap`: tokens of chosen − tokens of rejected.
 * - `suspect`: the probability that the label is flipped.
 */
export type PairNumber = keyof typeof fieldOfNumber;

export const pairNumbers = Object.keys(fieldOfNumber) as readonly PairNumber[];

const byField: ReadonlyMap<string, PairNumber> = new Map(pairNumbers.map((name) => [fieldOfNumber[name], name]));

/** The number of a field of the filter language; null if it is none of a scored pair. */
export function numberOfField(field: string, side: QuerySide | null): PairNumber | null {
  return byField.get(side === null ? field : `${field}(${side})`) ?? null;
}

/** The texts of a scored pair, which are fields of the filter language. */
const pairLabels = ['flipped', 'group'] as const;
export type PairLabel = (typeof pairLabels)[number];

/** Whether a field of the filter language is a text of a scored pair. */
export function isPairLabel(field: string): field is PairLabel {
  return pairLabels.some((label) => label === field);
}
