import { readFileSync } from 'node:fs';
import { at, must } from '../../src/base/pure/must';
import { rewardIn } from '../../src/run/rewardLine';
import type { PairReward } from '../../src/run/types';

/** A score of each row; the higher, the more likely flipped. */
export interface RowScores {
  readonly name: string;
  readonly scores: readonly number[];
}

export interface Quality {
  /** The share of planted rows among as many rows with the highest scores. */
  readonly precision: number;
  /** The probability that a planted row has a higher score than another one. */
  readonly auc: number;
}

/** How well scores find planted rows. Rows with equal scores count as half found. */
export function qualityOf(scores: readonly number[], planted: ArrayLike<number>): Quality {
  const order = [...scores.keys()].sort((a, b) => at(scores, a) - at(scores, b));
  const count = Array.from(planted).reduce((sum, one) => sum + one, 0);
  let [below, sum] = [0, 0];
  for (let start = 0; start < order.length;) {
    let end = start;
    let hits = 0;
    while (end < order.length && at(scores, at(order, end)) === at(scores, at(order, start)))
      hits += at(planted, at(order, end++));
    const others = end - start - hits;
    sum += hits * (below + others / 2);
    below += others;
    start = end;
  }
  const top = order.slice(order.length - count);
  return {
    precision: top.reduce((hits, row) => hits + at(planted, row), 0) / count,
    auc: sum / (count * (scores.length - count)),
  };
}

/**
 * The scores that other methods compute from the rewards of one run. @param row the index of each judged row in its
 * file
 */
export function baselines(file: string, rows: readonly number[]): RowScores[] {
  const byRow = new Map<number, PairReward>();
  for (const [i, line] of readFileSync(file, 'utf8').split('\n').entries())
    if (line !== '') {
      const reward = rewardIn(line, `${file}:${i + 1}`);
      byRow.set(reward.row, reward);
    }
  const rewards = rows.map((row) => must(byRow.get(row), `the reward of row ${row}`));
  const scores = (name: string, of: (reward: PairReward) => number): RowScores => ({ name, scores: rewards.map(of) });
  return [
    scores('margin of one run', ({ margin }) => -margin),
    scores('log-prob gap of the base model', ({ chosen, rejected }) => rejected.ref_logp - chosen.ref_logp),
    scores(
      'perplexity gap of the base model',
      ({ chosen, rejected }) => rejected.ref_logp / rejected.tokens - chosen.ref_logp / chosen.tokens,
    ),
    scores('loss of one run', ({ margin }) => Math.log1p(Math.exp(-margin))),
    scores('entropy of the preference', ({ margin }) => entropy(1 / (1 + Math.exp(-margin)))),
  ];
}

function entropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
}

/** How many of the rows with a probability are flipped: `0.5–0.75: 12 rows, 0.61 said, 0.67 planted`. */
export function reliability(probabilities: readonly number[], planted: ArrayLike<number>): string[] {
  const edges = [0, 0.05, 0.25, 0.5, 0.75, 1];
  return edges.slice(1).flatMap((to, i) => {
    const from = at(edges, i);
    const rows = [...probabilities.keys()].filter((row) => {
      const p = at(probabilities, row);
      return p <= to && (p > from || i === 0);
    });
    if (rows.length === 0) return [];
    const mean = (of: (row: number) => number): string =>
      (rows.reduce((sum, row) => sum + of(row), 0) / rows.length).toFixed(2);
    const said = mean((row) => at(probabilities, row));
    return [`| ${from}–${to} | ${rows.length} | ${said} | ${mean((row) => at(planted, row))} |`];
  });
}
