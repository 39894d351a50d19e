import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { extremeTokens, TokenTally } from '../../../../src/pairs/tokenRewards/tokenTally';

const answer = (tokens: readonly (readonly [id: number, reward: number])[]) => ({
  ids: tokens.map(([id]) => id),
  texts: tokens.map(([id]) => `t${id}`),
  rewards: tokens.map(([, reward]) => reward),
});
const all = { minCount: 1, limit: 10, by: 'mean' } as const;

describe('the tokens of a set', () => {
  it('have count, sum, mean, and the places with the highest and lowest rewards', () => {
    const tally = new TokenTally();
    const rewards = [1, 5, -2, 3, 4];
    rewards.forEach((reward, pair) => tally.add(pair, pair < 3 ? 'chosen' : 'rejected', answer([[7, reward]])));
    const [stat] = tally.stats;
    expect(stat).toMatchObject({ id: 7, text: 't7', count: 5, chosen: 3, sum: 11, mean: 2.2 });
    expect(stat?.highest.map(({ reward, pair }) => [reward, pair])).toEqual([
      [5, 1],
      [4, 4],
      [3, 3],
    ]);
    expect(stat?.lowest.map(({ reward }) => reward)).toEqual([-2, 1, 3]);
    expect(tally.tokens).toBe(5);
  });

  it('are rewarded or punished by their mean or their sum, and the rare ones are left out', () => {
    const tally = new TokenTally();
    tally.add(0, 'chosen', answer([...[1, 1, 1].map((reward) => [1, reward] as const), [2, 2], [3, -1], [3, -3]]));
    const ids = (list: readonly { readonly id: number }[]): number[] => list.map(({ id }) => id);
    expect(ids(extremeTokens(tally.stats, all).rewarded)).toEqual([2, 1]);
    expect(ids(extremeTokens(tally.stats, { ...all, by: 'sum' }).rewarded)).toEqual([1, 2]);
    expect(ids(extremeTokens(tally.stats, all).punished)).toEqual([3]);
    const common = extremeTokens(tally.stats, { ...all, minCount: 2 });
    expect([ids(common.rewarded), common.rare]).toEqual([[1], 1]);
    expect(ids(extremeTokens(tally.stats, { ...all, limit: 1 }).rewarded)).toEqual([2]);
  });

  it('sum up to all rewards, whatever the order', () => {
    const seed = Date.now();
    const random = seededRandom(seed);
    const tokens = Array.from({ length: 500 }, () => [Math.floor(random() * 20), random() - 0.5] as const);
    const [one, other] = [new TokenTally(), new TokenTally()];
    one.add(0, 'chosen', answer(tokens));
    other.add(0, 'chosen', answer(tokens.toReversed()));
    const total = tokens.reduce((sum, [, reward]) => sum + reward, 0);
    for (const tally of [one, other]) {
      const sum = tally.stats.reduce((all, stat) => all + stat.sum, 0);
      expect(Math.abs(sum - total), `seed ${seed}`).toBeLessThan(1e-9);
    }
    const means = (tally: TokenTally): string[] =>
      extremeTokens(tally.stats, all).rewarded.map(({ id, mean }) => `${id} ${mean.toFixed(6)}`);
    expect(means(one), `seed ${seed}`).toEqual(means(other));
  });
});
