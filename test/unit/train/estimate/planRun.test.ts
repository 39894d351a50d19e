import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { packPairs } from '../../../../src/engine/packPairs';
import type { TokenizedPair } from '../../../../src/engine/types';
import { StepPlanner, totalSteps } from '../../../../src/train/batches';
import { firstRows, planRun } from '../../../../src/train/estimate/planRun';
import {
  batchLoad,
  ownTokens,
  packedTokens,
  rowLengths,
  shortened,
  type RowLengths,
} from '../../../../src/train/estimate/rowLengths';
import { stored } from '../../reward/rows';
import { integer } from '../../pairs/random';
import { randomPairs, trainConfig } from './samples';

const pairLengths = async (pairs: readonly TokenizedPair[]): Promise<RowLengths> =>
  rowLengths(await stored(pairs.map((training, i) => ({ line: i + 1, key: '0123456789abcdef', training }))));
const shape = { token: 100, slot: 3 };

describe('the plan of a dry run', () => {
  it('counts the tokens of a pair as the packed batch does', async () => {
    const seed = Date.now() % 1e6;
    const pairs = [
      ...randomPairs(seededRandom(seed), 300, 6),
      { prompt: [1], chosen: [2, 3], rejected: [2, 3] },
      { prompt: [1], chosen: [], rejected: [] },
    ];
    const lengths = await pairLengths(pairs);
    pairs.forEach((pair, row) =>
      expect(packedTokens(lengths, row), `seed ${seed}, ${JSON.stringify(pair)}`).toBe(packPairs([pair]).tokens),
    );
  });

  it('finds the heaviest micro-batch, all steps and all tokens of any run', async () => {
    const seed = Date.now() % 1e6;
    const random = seededRandom(seed);
    for (let round = 0; round < 40; round++) {
      const pairs = randomPairs(random, 1 + integer(random, 40), 30);
      const config = trainConfig({
        per_device_train_batch_size: 1 + integer(random, 9),
        gradient_accumulation_steps: 1 + integer(random, 3),
        num_train_epochs: 1 + integer(random, 3),
        max_steps: random() < 0.5 ? -1 : 1 + integer(random, 4),
        train_sampling_strategy: random() < 0.5 ? 'random' : 'group_by_length',
      });
      const what = `seed ${seed}, round ${round}, ${pairs.length} pairs`;
      const lengths = await pairLengths(pairs);
      const { plan, chosen } = planRun(config, lengths, null, shape);
      const steps = totalSteps(config, pairs.length);
      const planner = new StepPlanner(config, pairs.length, (row) => ownTokens(lengths, row));
      const all = Array.from({ length: steps }, (_, i) => planner.plan(i + 1).microBatches).flat();
      expect(plan, what).toMatchObject({ rows: pairs.length, steps, microBatches: all.length });
      // A short last micro-batch that is the heaviest of all is filled up, so the load is never less than the run's.
      const most = Math.max(...all.map((rows) => batchLoad(lengths, rows, shape).load));
      const shortOne =
        all.find((rows) => batchLoad(lengths, rows, shape).load === most)?.length !== chosen.typical.length;
      if (shortOne) expect(plan.heavy.load, what).toBeGreaterThanOrEqual(most);
      else expect(plan.heavy.load, what).toBe(most);
      expect([chosen.heavy.length, chosen.light.length], what).toEqual([chosen.typical.length, 1]);
      expect(
        all.some((rows) => rows.join() === chosen.typical.join()),
        what,
      ).toBe(true);
    }
  });

  it('gives one long row more load than many short ones with as many tokens, because of attention', async () => {
    const row = (tokens: number) => ({
      prompt: Array.from({ length: tokens }, () => 1),
      chosen: [2, 3],
      rejected: [4, 5],
    });
    const pairs = [...Array.from({ length: 8 }, () => row(50)), row(340), ...Array.from({ length: 7 }, () => row(2))];
    const { chosen } = planRun(
      trainConfig({ per_device_train_batch_size: 8, train_sampling_strategy: 'sequential' }),
      await pairLengths(pairs),
      null,
      shape,
    );
    expect(chosen.heavy).toContain(8);
  });

  it('names the rows of the first step in the order of the trainer, at most 32', async () => {
    const lengths = await pairLengths(randomPairs(seededRandom(5), 100, 20));
    const config = trainConfig({ per_device_train_batch_size: 3, gradient_accumulation_steps: 2, seed: 7 });
    const planned = new StepPlanner(config, 100, (row) => ownTokens(lengths, row)).plan(1).microBatches.flat();
    expect(firstRows(config, lengths)).toEqual(planned);
    expect(firstRows({ ...config, train_sampling_strategy: 'sequential' }, lengths)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(firstRows({ ...config, per_device_train_batch_size: 50 }, lengths)).toHaveLength(32);
  });

  it('has the load of smaller batches and of shorter rows', async () => {
    const pairs = randomPairs(seededRandom(1), 64, 200);
    const { plan } = planRun(trainConfig({ per_device_train_batch_size: 8 }), await pairLengths(pairs), null, shape);
    expect(plan.smaller.map(({ size }) => size)).toEqual([4, 2, 1]);
    expect(plan.larger.map(({ size }) => size)).toEqual([16, 32, 64]);
    for (const [before, after] of [
      [plan.larger[1], plan.larger[0]],
      [plan.larger[0], plan.heavy],
      [plan.heavy, plan.smaller[0]],
      [plan.smaller[0], plan.smaller[1]],
      [plan.heavy, plan.shorter[0]],
      [plan.shorter[0], plan.shorter[1]],
    ]) {
      expect(after?.load).toBeLessThan(before?.load ?? 0);
    }
    const kto = planRun(
      trainConfig({ trainer: 'kto', per_device_train_batch_size: 4 }),
      await pairLengths(pairs),
      null,
      shape,
    );
    expect(kto.plan.smaller.map(({ size }) => size)).toEqual([2]);
  });

  it('scores the heaviest batch of an evaluation if it is heavier than any training batch', async () => {
    const train = await pairLengths(randomPairs(seededRandom(2), 16, 20));
    const held = await pairLengths(randomPairs(seededRandom(3), 32, 20));
    const of = (size: number) =>
      planRun(trainConfig({ per_device_train_batch_size: 8, per_device_eval_batch_size: size }), train, held, shape);
    const { plan, chosen } = of(16);
    expect([chosen.scored?.length, plan.scored.pairs]).toEqual([16, 16]);
    expect(plan.scored.load).toBe(
      Math.max(
        ...[0, 16].map(
          (from) =>
            batchLoad(
              held,
              Array.from({ length: 16 }, (_, i) => from + i),
              shape,
            ).load,
        ),
      ),
    );
    expect(of(1)).toMatchObject({ chosen: { scored: null }, plan: { scored: plan.heavy } });
  });

  it('cuts rows as max_length does', async () => {
    const lengths = await pairLengths([
      { prompt: [1, 1, 1], chosen: [5, 6, 7], rejected: [5, 6] },
      { prompt: [1, 1, 1, 1, 1], chosen: [1], rejected: [2] },
    ]);
    const { lengths: left, cut, leftOut } = shortened(lengths, 5);
    expect([cut, leftOut, left.prompt.length]).toEqual([1, 1, 1]);
    // Both answers are now "5 6", of which the last token is not run.
    expect(packedTokens(left, 0)).toBe(4);
  });
});
