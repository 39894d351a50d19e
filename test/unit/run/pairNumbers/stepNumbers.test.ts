import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { KeyIndex } from '../../../../src/pairs/keyIndex';
import { keyNumber } from '../../../../src/pairs/keyNumber';
import { type ComparedWith, StepNumbers } from '../../../../src/run/pairNumbers/stepNumbers';
import { ColumnsBuilder, type MemoryColumns } from '../../../../src/run/rewardColumns/columnsBuilder';
import { halvesOf, PairKeys } from '../../../../src/run/rewardColumns/pairKeys';
import type { PairReward } from '../../../../src/run/types';
import { rewardLine } from '../rewardLines';

const slices = { breathe: (): Promise<boolean> => Promise.resolve(false) };

function columns(rewards: readonly PairReward[]): MemoryColumns {
  const builder = new ColumnsBuilder();
  for (const reward of rewards) builder.add(reward, 'test');
  return builder.finish();
}

function numbers(shown: readonly PairReward[], before: ComparedWith = null): StepNumbers {
  return new StepNumbers(columns(shown), before, () => slices);
}

describe('the numbers of a step', () => {
  const rewards = [1, -2, 0.25].map((margin, row) => rewardLine(row, margin));

  it('give each side its gain over the reference in nats, also per token', async () => {
    const of = numbers(rewards);
    expect([...(await of.numbers('chosenLogp'))]).toEqual([10, -20, 2.5]);
    expect([...(await of.numbers('chosenLogpToken'))]).toEqual([2, -4, 0.5]);
    expect([...(await of.numbers('rejectedLogp'))]).toEqual([0, 0, 0]);
  });

  it('say how far the model has moved on each side by k3, which is 0 for the reference and never negative', async () => {
    const of = numbers(rewards);
    const k3 = (ratio: number): number => Math.exp(-ratio) - 1 + ratio;
    const found = await of.numbers('chosenKl');
    for (const [place, ratio] of [2, -4, 0.5].entries()) expect(found[place]).toBeCloseTo(k3(ratio), 12);
    expect([...(await of.numbers('rejectedKl'))]).toEqual([0, 0, 0]);
    const [small] = await numbers([rewardLine(0, 1e-9)]).numbers('chosenKl');
    expect(small).toBeGreaterThanOrEqual(0);
  });

  it('have no value per token for the empty side of a judged answer', async () => {
    const [first] = rewards;
    if (!first) throw new Error('no reward');
    const judged = { ...first, label: true, rejected: { logp: 0, ref_logp: 0, reward: 0, tokens: 0 } };
    const of = numbers([judged]);
    expect([...(await of.numbers('rejectedLogpToken'))]).toEqual([Number.NaN]);
    expect([...(await of.numbers('lengthGap'))]).toEqual([5]);
  });

  it('join margins before by key, in whatever order the files have the pairs', async () => {
    const before = columns([rewardLine(2, 5), rewardLine(0, 7)]);
    const of = numbers(rewards, before);
    expect([...(await of.numbers('before'))]).toEqual([7, Number.NaN, 5]);
    expect([...(await of.numbers('delta'))]).toEqual([-6, Number.NaN, -4.75]);
  });

  it('change ranks only among pairs that were scored before', async () => {
    const of = numbers(rewards, columns([rewardLine(2, 5), rewardLine(0, 7)]));
    expect([...(await of.numbers('rank'))]).toEqual([3, 1, 2]);
    expect([...(await of.numbers('rankDelta'))]).toEqual([0, Number.NaN, 0]);
    expect([...(await numbers(rewards, 'zero').numbers('rankDelta'))]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('an index of keys', () => {
  it('finds each of many keys as a map does, and no other', async () => {
    const seed = Date.now() % 1e9;
    const random = seededRandom(seed);
    const hex = (): string =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    const texts = Array.from({ length: 5000 }, () => hex() + hex());
    texts.push(...texts.slice(0, 100));
    const keys = new PairKeys(Uint32Array.from(texts.flatMap(halvesOf)));
    const index = await KeyIndex.of(keys.count, (place) => keys.numberAt(place), slices);
    const map = new Map(texts.map((text, place) => [keyNumber(text), place]));
    for (const [place, text] of texts.entries()) {
      expect(keys.textAt(place), `seed ${seed}`).toBe(text);
      expect(keys.numberAt(place), `seed ${seed}`).toBe(keyNumber(text));
      expect(index.find(keyNumber(text)), `seed ${seed}`).toBe(map.get(keyNumber(text)));
    }
    for (let i = 0; i < 1000; i++) {
      const other = keyNumber(hex() + hex());
      expect(index.find(other), `seed ${seed}`).toBe(map.get(other) ?? null);
    }
  });

  it('of no keys finds none', async () => {
    const index = await KeyIndex.of(0, () => 0, slices);
    expect(index.find(5)).toBeNull();
  });
});
