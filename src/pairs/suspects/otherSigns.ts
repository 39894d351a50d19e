import { at } from '../../base/pure/must';
import { logit } from './flipOdds';
import type { Contradiction, RowSignals } from './signals';
import { sigmoid } from '../statistics/logistic';

/** Scores are at most so reliable, however often they agree with the labels: a score may be the source of the label. */
const mostReliable = 0.95;
/** A rate that no vote of contradicting rows may take for 0. */
const leastRate = 0.01;

/**
 * The log-odds of being flipped that the scores of rows add. How often a score prefers the better answer is counted
 * with the probabilities themselves, as in a round of EM: no row has to be known as clean. A score that agrees with
 * labels no more often than chance adds nothing.
 *
 * @param probabilities of being flipped, by the margins
 */
export function scoreOdds(rows: readonly RowSignals[], probabilities: readonly number[]): readonly number[] {
  let [right, all] = [0, 0];
  for (const [i, { scoreGap }] of rows.entries()) {
    if (scoreGap === null || scoreGap === 0) continue;
    const flipped = at(probabilities, i);
    right += scoreGap > 0 ? 1 - flipped : flipped;
    all++;
  }
  const reliable = Math.min(mostReliable, Math.max(0.5, (right + 1) / (all + 2)));
  return rows.map(({ scoreGap }) => (scoreGap === null ? 0 : -Math.sign(scoreGap) * logit(reliable)));
}

/**
 * Probabilities of rows that contradict others. All rows of a contradiction have one truth. For it speak the labels, as
 * votes of which each is wrong with the rate; and the margins, of which each row has the same or the opposite one, so
 * their mean counts once.
 *
 * @param probabilities of being flipped, each by the signals of its own row; changed in place
 */
export function settle(contradictions: readonly Contradiction[], probabilities: number[], rate: number): void {
  const prior = logit(Math.min(0.5, Math.max(leastRate, rate)));
  for (const { better, worse } of contradictions) {
    const evidence = (rows: readonly number[]): number =>
      rows.reduce((sum, row) => sum + prior - logit(clamped(at(probabilities, row))), 0) / Math.max(1, rows.length);
    const odds = (evidence(better) - evidence(worse)) / 2 - (better.length - worse.length) * prior;
    for (const row of better) probabilities[row] = sigmoid(-odds);
    for (const row of worse) probabilities[row] = sigmoid(odds);
  }
}

function clamped(probability: number): number {
  return Math.min(1 - 1e-9, Math.max(1e-9, probability));
}
