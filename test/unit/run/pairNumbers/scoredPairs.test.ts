import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { keyNumber } from '../../../../src/pairs/keyNumber';
import { marginOf, type RowIdentity, rewardsOf } from '../../../../src/pairs/rowRewards';
import { ScoredPairs } from '../../../../src/run/pairNumbers/scoredPairs';
import { dynamicsOf } from '../../../../src/run/pairNumbers/pairTexts';
import { StepNumbers } from '../../../../src/run/pairNumbers/stepNumbers';
import { ColumnsBuilder, type MemoryColumns } from '../../../../src/run/rewardColumns/columnsBuilder';
import { noSlices } from '../../../../src/run/rewardColumns/eachReward';
import type { PairReward } from '../../../../src/run/types';
import { rewardLine } from '../rewardLines';

function columns(rewards: readonly PairReward[]): MemoryColumns {
  const builder = new ColumnsBuilder();
  for (const reward of rewards) builder.add(reward, 'test');
  return builder.finish();
}

const margins = (...values: readonly number[]): MemoryColumns =>
  columns(values.map((margin, row) => rewardLine(row, margin)));

async function scored(shown: MemoryColumns, before: MemoryColumns | null): Promise<ScoredPairs> {
  const steps = before ? [before, shown] : [];
  const dynamics = (): ReturnType<typeof dynamicsOf> =>
    dynamicsOf(
      shown,
      steps.map((step) => () => Promise.resolve(step)),
      noSlices,
    );
  const pairs = await ScoredPairs.of(new StepNumbers(shown, before, () => noSlices, dynamics));
  const facts = ['margin', 'margin.before', 'margin.delta', 'rank', 'flipped', 'group', 'gap.tokens'];
  await pairs.prepareFor([
    ...facts.map((field) => ({ field, side: null })),
    { field: 'logp', side: 'chosen' },
    { field: 'logp.token', side: 'rejected' },
  ]);
  return pairs;
}

const keyOf = (row: number): number => keyNumber(rewardLine(row, 0).key);
const pair = (row: number): RowIdentity => ({ key: keyOf(row), exchanged: -5, judgedGood: null });
const exchanged = (row: number): RowIdentity => ({ key: -5, exchanged: keyOf(row), judgedGood: null });

describe('the rewards of rows', () => {
  it('are found by key; an unknown key has none', async () => {
    const pairs = await scored(margins(1, -2, 0.5), margins(-1, -1, 0));
    expect(pairs.numberOf(pair(1), 'margin')).toBe(-2);
    expect(pairs.numberOf(pair(1), 'delta')).toBe(-1);
    expect(pairs.numberOf(pair(0), 'rank')).toBe(3);
    expect(pairs.numberOf({ key: 7, exchanged: 8, judgedGood: null }, 'margin')).toBeNull();
    expect([0, 1, 2].map((row) => pairs.textsOf(pair(row), 'flipped'))).toEqual([['yes'], ['no'], ['no']]);
    expect(pairs.textsOf(pair(1), 'group')).toEqual(['never-learnt']);
  });

  it('of exchanged answers have the other sign and the other side; their rank is not known', async () => {
    const pairs = await scored(margins(1, -2), margins(-1, -1));
    expect(pairs.numberOf(exchanged(0), 'margin')).toBe(-1);
    expect(pairs.numberOf(exchanged(0), 'delta')).toBe(-2);
    expect(pairs.numberOf(exchanged(0), 'rejectedLogp')).toBe(10);
    expect(pairs.numberOf(exchanged(0), 'chosenLogp')).toBe(0);
    expect(pairs.numberOf(exchanged(0), 'rank')).toBeNull();
    expect(pairs.textsOf(exchanged(0), 'flipped')).toEqual(['yes']);
    expect(pairs.textsOf(exchanged(0), 'group')).toEqual([]);
  });

  it('of a list are those of its pair with the lowest margin; its texts are those of all its pairs', async () => {
    const pairs = await scored(margins(1, -2, 0.5), margins(-1, -1, 0.5));
    const list: RowIdentity = { keys: [keyOf(2), keyOf(1), 99, keyOf(0)] };
    expect(pairs.numberOf(list, 'margin')).toBe(-2);
    expect(pairs.numberOf(list, 'margin')).toBe(marginOf(rewardsOf(list, pairs)));
    expect(pairs.numberOf(list, 'delta')).toBe(-1);
    expect(pairs.textsOf(list, 'flipped')).toEqual(['no', 'yes']);
  });

  it('of a judged answer are those of its one side, also after its label was changed', async () => {
    const none = { logp: 0, ref_logp: 0, reward: 0, tokens: 0 };
    const judged = (margin: number): PairReward => ({ ...rewardLine(0, margin), label: true, rejected: none });
    const pairs = await scored(columns([judged(0.5)]), columns([judged(-0.25)]));
    const good: RowIdentity = { key: keyOf(0), exchanged: -5, judgedGood: true };
    const bad: RowIdentity = { key: -5, exchanged: keyOf(0), judgedGood: false };
    expect(rewardsOf(good, pairs)).toMatchObject([{ rejected: null, margin: 0.5, before: -0.25 }]);
    expect(rewardsOf(bad, pairs)).toMatchObject([{ chosen: null, margin: -0.5, before: 0.25 }]);
    for (const [identity, delta] of [
      [good, 0.75],
      [bad, -0.75],
    ] as const)
      expect(pairs.numberOf(identity, 'delta')).toBe(delta);
    expect(pairs.numberOf(good, 'rejectedLogpToken')).toBeNull();
    expect(pairs.textsOf(bad, 'flipped')).toEqual(['yes']);
  });

  it('have no texts where nothing was scored before', async () => {
    const pairs = await scored(margins(1), null);
    expect([pairs.textsOf(pair(0), 'flipped'), pairs.textsOf(pair(0), 'group')]).toEqual([[], []]);
    expect(at([pairs.get(keyOf(0))?.before], 0)).toBeNull();
  });
});
