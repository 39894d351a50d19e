/** The numbers of a scored pair, which tables sort by and charts draw. */
export const pairNumbers = [
  'line',
  'margin',
  'before',
  'delta',
  'chosen',
  'rejected',
  'rank',
  'rankDelta',
  'chosenLogp',
  'rejectedLogp',
  'chosenLogpToken',
  'rejectedLogpToken',
  'lengthGap',
  'suspect',
] as const;

/**
 * - `before`: the margin in the measurement that is compared with; `delta`: margin − before.
 * - `chosen`, `rejected`: implicit rewards.
 * - `rank`: 1 for the lowest margin; `rankDelta`: rank − rank before, among the pairs that were scored before.
 * - `chosenLogp`: logp − ref_logp of the answer, in nats; `chosenLogpToken`: the same per token.
 * - `lengthGap`: tokens of chosen − tokens of rejected.
 * - `suspect`: the probability that the label is flipped.
 */
export type PairNumber = (typeof pairNumbers)[number];
