/**
 * How a model values an answer. `reward`: the implicit reward β·(log π − log π_ref). The others need no reference, and
 * have the names of RewardBench's `ref_free_type`. `avg`: the mean log-prob of a token. `sum`: the log-prob of the
 * answer, which favours short ones. `norm`: minus the Euclidean norm of the log-probs of the tokens.
 */
export const valueMeasures = ['reward', 'avg', 'sum', 'norm'] as const;
export type ValueMeasure = (typeof valueMeasures)[number];

/** What each measure is, in words. */
export const measureTexts: Readonly<Record<ValueMeasure, string>> = {
  reward: 'implicit reward',
  avg: 'mean log-prob of a token (no reference)',
  sum: 'log-prob of the answer (no reference)',
  norm: 'minus the norm of the log-probs of the tokens (no reference)',
};
