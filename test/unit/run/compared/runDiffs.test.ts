import { describe, expect, it } from 'vitest';
import { at, must } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { configDiff } from '../../../../src/run/compared/configDiff';
import { type MarginDiff, marginDiff, orderedPlaces } from '../../../../src/run/compared/marginDiff';
import { type PairDiff, pairDiff, runPairs } from '../../../../src/run/compared/pairDiff';
import { rewardsOfRun } from '../../../../src/run/compared/rewardsOfRun';
import { noSlices } from '../../../../src/run/rewardColumns/eachReward';
import type { RewardColumns } from '../../../../src/run/rewardColumns/rewardColumns';
import type { RunConfig } from '../../../../src/run/types';
import { runConfig } from '../samples';
import { temporaryFolder } from '../temporaryFolder';
import { madeRun, type Scored } from './madeRun';

async function columnsOf(pairs: readonly Scored[]): Promise<RewardColumns> {
  const folder = await madeRun(await temporaryFolder(), { name: 'run', scored: { 0: [[1, 0]], 10: pairs } });
  return must(await rewardsOfRun(folder, noSlices), 'rewards').columns;
}

const scored = (keys: readonly number[]): readonly Scored[] => keys.map((key) => [key, key / 10]);

async function changes(first: readonly number[], second: readonly number[]): Promise<PairDiff> {
  const [a, b] = [await runPairs(await columnsOf(scored(first))), await runPairs(await columnsOf(scored(second)))];
  return pairDiff(a, b, noSlices);
}

describe('configDiff', () => {
  const known = (config: RunConfig): Parameters<typeof configDiff>[0][number] => ({
    config,
    settings: { ...config.config },
  });
  const diffOf = (...runs: readonly RunConfig[]): ReturnType<typeof configDiff> => configDiff(runs.map(known));
  const run = runConfig();
  const other = { ...run, config: { ...run.config, beta: 0.5, run_name: 'other' } };

  it('has only keys that differ, and says which value is the default', () => {
    expect(diffOf(run, other)).toEqual([
      {
        name: 'beta',
        help: expect.any(String),
        values: [
          { text: '0.1', isDefault: true },
          { text: '0.5', isDefault: false },
        ],
      },
    ]);
    expect(diffOf(run, run)).toEqual([]);
  });

  it('uses the default of the trainer', () => {
    const kto = { ...run, config: { ...run.config, trainer: 'kto', loss_type: ['kto'] } } as const;
    const loss = diffOf(run, kto).find(({ name }) => name === 'loss_type');
    expect(loss?.values).toEqual([
      { text: 'sigmoid', isDefault: true },
      { text: 'kto', isDefault: true },
    ]);
  });

  it('says which keys the files of another program’s run do not state', () => {
    const foreign = { config: null, settings: { beta: 0.1, learning_rate: 2, optim: 'adamw' } };
    const diff = configDiff([known(run), foreign]);
    expect(diff.find(({ name }) => name === 'learning_rate')?.values[1]).toEqual({ text: '2', isDefault: false });
    expect(diff.find(({ name }) => name === 'seed')?.values[1]).toEqual({ text: 'not stated', isDefault: false });
    expect(diff.map(({ name }) => name)).not.toContain('optim');
    expect(diff.map(({ name }) => name)).not.toContain('beta');
    const other = { ...foreign, settings: { ...foreign.settings, optim: 'sgd' } };
    expect(configDiff([foreign, other]).map(({ name }) => name)).toEqual(['optim']);
  });

  it('names files with other content', () => {
    const edited = { ...run, data: { ...run.data, sha256: 'bb' } };
    expect(diffOf(run, edited).map(({ name }) => name)).toEqual(['content of train_file']);
  });
});

describe('pairDiff', () => {
  it('tells added, removed and changed pairs apart by their neighbours', async () => {
    const { same, changes: found } = await changes([1, 2, 3, 4, 5, 6], [1, 20, 3, 5, 6, 7, 8]);
    expect(same).toBe(4);
    expect(found).toEqual([
      { change: 'changed', first: 1, second: 1 },
      { change: 'removed', first: 3, second: null },
      { change: 'added', first: null, second: 5 },
      { change: 'added', first: null, second: 6 },
    ]);
  });

  it('finds nothing in the same pairs in another order', async () => {
    expect(await changes([1, 2, 3], [3, 1, 2])).toEqual({ same: 3, changes: [] });
  });

  it('counts every pair once, whatever was edited', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seededRandom(seed);
    const first = Array.from({ length: 60 }, (_, i) => i);
    const second = first.flatMap((key) => {
      const dice = random();
      return dice < 0.2 ? [] : dice < 0.4 ? [1000 + key] : dice < 0.5 ? [key, 2000 + key] : [key];
    });
    const { same, changes: found } = await changes(first, second);
    const sides = (side: 'first' | 'second'): number => found.filter((one) => one[side] !== null).length;
    expect([same + sides('first'), same + sides('second')], `seed ${seed}`).toEqual([first.length, second.length]);
    expect(same).toBe(second.filter((key) => key < 1000).length);
  });
});

describe('marginDiff', () => {
  it('compares the margins of the pairs that both scored, in any order', async () => {
    const first = await columnsOf([
      [1, 0.5],
      [2, -0.1],
      [3, 0.2],
      [9, 3],
    ]);
    const second = await columnsOf([
      [3, -0.4],
      [2, 0.3],
      [1, 0.6],
    ]);
    const diff = must(await marginDiff(first, second, noSlices), 'a difference');
    expect(diff.accuracies.map(({ share }) => share)).toEqual([2 / 3, 2 / 3]);
    expect([diff.onlyFirst, diff.onlySecond, diff.p, diff.leftOut]).toEqual([1, 1, 1, 1]);
    const lines = await second.column('line');
    const order = async (sort: Parameters<typeof orderedPlaces>[2], descending: boolean): Promise<number[]> =>
      Array.from(await orderedPlaces(diff as MarginDiff, lines, sort, descending, noSlices), (place) =>
        at(lines, place),
      );
    expect(await order('difference', true)).toEqual([1, 2, 3]);
    expect(await order('first', false)).toEqual([2, 1, 3]);
    expect(await order('line', false)).toEqual([1, 2, 3]);
  });

  it('is null if no pair is in both', async () => {
    expect(await marginDiff(await columnsOf(scored([1])), await columnsOf(scored([2])), noSlices)).toBeNull();
  });
});

it('the rewards of a run are those of its last scored step, and its start does not count', async () => {
  const parent = await temporaryFolder();
  const folder = await madeRun(parent, { name: 'a', scored: { 5: scored([1]), 10: scored([1, 2]) } });
  expect(must(await rewardsOfRun(folder, noSlices), 'rewards').step).toBe(10);
  const unscored = await madeRun(parent, { name: 'b', scored: { 0: scored([1]) } });
  expect(await rewardsOfRun(unscored, noSlices)).toBeNull();
});
