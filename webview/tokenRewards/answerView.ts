import { at } from '../../src/base/pure/must';
import { cumulative, tokenRewards } from '../../src/pairs/tokenRewards/tokenRewards';
import type { ShownAnswer, ShownPair } from '../../src/protocol/tokenRewards';

export const sides = ['chosen', 'rejected'] as const;
export type Side = (typeof sides)[number];

/** An answer with the values that are computed from its log-probs. All lists have one entry for each token. */
export interface RewardedView extends ShownAnswer {
  readonly rewards: Float64Array;
  /** [tokens] the sum of the rewards up to and with each token. */
  readonly sums: Float64Array;
}

/** A token of the shown pair. */
export interface TokenPlace {
  readonly side: Side;
  readonly index: number;
}

/** An answer of a pair with the rewards of its tokens. */
export function rewarded({ beta, ...pair }: ShownPair, side: Side): RewardedView {
  const answer = pair[side];
  const rewards = tokenRewards(beta, answer);
  return { ...answer, rewards, sums: cumulative(rewards) };
}

/** The sums of both answers as columns of a chart, from 0 tokens on; NaN after the end of the shorter one. */
export function sumColumns(answers: Readonly<Record<Side, RewardedView>>): {
  readonly steps: Float64Array;
  readonly series: Readonly<Record<Side, Float64Array>>;
} {
  const longest = Math.max(answers.chosen.sums.length, answers.rejected.sums.length);
  const column = ({ sums }: RewardedView): Float64Array =>
    Float64Array.from({ length: longest + 1 }, (_, i) => (i === 0 ? 0 : i <= sums.length ? at(sums, i - 1) : NaN));
  return {
    steps: Float64Array.from({ length: longest + 1 }, (_, i) => i),
    series: { chosen: column(answers.chosen), rejected: column(answers.rejected) },
  };
}
