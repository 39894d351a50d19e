import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { TrainConfig } from '../../../src/run/types';
import { StepPlanner, totalSteps } from '../../../src/train/batches';
import { runConfig } from '../run/samples';

const config = (change: Partial<TrainConfig>): TrainConfig => ({
  ...runConfig().config,
  max_steps: -1,
  num_train_epochs: 1,
  ...change,
});
const unasked = (): never => expect.fail('lengths are not asked for');
function plans(settings: TrainConfig, pairs: number, lengthOf: (row: number) => number = unasked): number[][][] {
  const planner = new StepPlanner(settings, pairs, lengthOf);
  return Array.from({ length: totalSteps(settings, pairs) }, (_, i) =>
    planner.plan(i + 1).microBatches.map((batch) => [...batch]),
  );
}

describe('the order of rows', () => {
  it('ends an epoch that does not fill its last step with a short batch and a short step', () => {
    const settings = config({
      train_sampling_strategy: 'sequential',
      per_device_train_batch_size: 2,
      gradient_accumulation_steps: 2,
      num_train_epochs: 2,
    });
    const epoch = [
      [
        [0, 1],
        [2, 3],
      ],
      [[4, 5], [6]],
    ];
    expect(plans(settings, 7)).toEqual([...epoch, ...epoch]);
    expect([1, 2, 3, 4].map((step) => new StepPlanner(settings, 7, unasked).plan(step).epoch)).toEqual([
      0.5, 1, 1.5, 2,
    ]);
    expect(plans({ ...settings, num_train_epochs: 1 }, 9)).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [[8]],
    ]);
  });

  it('counts max_steps before epochs, and rounds a fraction of an epoch up to steps', () => {
    const settings = config({ per_device_train_batch_size: 4, num_train_epochs: 0.3 });
    expect(totalSteps(settings, 40)).toBe(3);
    expect(totalSteps({ ...settings, max_steps: 17 }, 40)).toBe(17);
    expect(totalSteps(settings, 1)).toBe(1);
  });

  it('has every row once per epoch, in another order each epoch, and the same order for the same seed', () => {
    const seed = Date.now() % 1e6;
    const random = seededRandom(seed);
    for (let round = 0; round < 50; round++) {
      const draw = (to: number): number => 1 + Math.floor(random() * to);
      const [pairs, size, accumulation] = [draw(60), draw(9), draw(4)];
      const settings = config({
        train_sampling_strategy: 'random',
        seed: draw(1e6),
        per_device_train_batch_size: size,
        gradient_accumulation_steps: accumulation,
        num_train_epochs: 2,
      });
      const what = `seed ${seed}: ${JSON.stringify({ round, pairs, size, accumulation })}`;
      const steps = plans(settings, pairs);
      const order = steps.flat(2);
      const sorted = Array.from({ length: pairs }, (_, i) => i);
      expect(
        order.slice(0, pairs).toSorted((a, b) => a - b),
        what,
      ).toEqual(sorted);
      expect(
        order.slice(pairs).toSorted((a, b) => a - b),
        what,
      ).toEqual(sorted);
      if (pairs > 12) expect(order.slice(0, pairs), what).not.toEqual(order.slice(pairs));
      expect(plans(settings, pairs), what).toEqual(steps);
      for (const step of steps)
        expect(
          step.length <= accumulation && step.every((batch) => batch.length > 0 && batch.length <= size),
          what,
        ).toBe(true);
    }
  });

  it('by length has rows of similar length in a step, the longest row first, and another order each epoch', () => {
    const seed = Date.now() % 1e6;
    const random = seededRandom(seed);
    const lengths = Array.from({ length: 1000 }, () => 1 + Math.floor(random() * 500));
    const lengthOf = (row: number): number => lengths[row] ?? 0;
    const settings = config({
      train_sampling_strategy: 'group_by_length',
      seed,
      per_device_train_batch_size: 5,
      gradient_accumulation_steps: 2,
      num_train_epochs: 2,
    });
    const batches = plans(settings, 1000, lengthOf).flat();
    const [first, second] = [batches.slice(0, 200), batches.slice(200)];
    for (const epoch of [first, second]) {
      expect(
        epoch.flat().toSorted((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual(lengths.map((_, row) => row));
      expect(lengthOf(epoch[0]?.[0] ?? -1), `seed ${seed}`).toBe(Math.max(...lengths));
      const wasted = epoch.map((batch) => Math.max(...batch.map(lengthOf)) - Math.min(...batch.map(lengthOf)));
      // Five neighbours of 250 sorted rows span about 8 tokens of 500, five rows drawn at random 330.
      expect(wasted.reduce((sum, span) => sum + span, 0) / wasted.length, `seed ${seed}`).toBeLessThan(25);
    }
    expect(first, `seed ${seed}`).not.toEqual(second);
    expect(plans(settings, 1000, lengthOf).flat(), `seed ${seed}`).toEqual(batches);
  });
});
