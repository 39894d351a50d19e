import { expect, it } from 'vitest';
import { learningRate } from '../../../src/train/schedule';
import type { TrainConfig } from '../../../src/run/types';
import { runConfig } from '../run/samples';

/** Recorded from transformers 5.23 `get_scheduler`: ten steps, peak 1e-3. */
const recorded: readonly (readonly [TrainConfig['lr_scheduler_type'], warmup: number, rates: readonly number[]])[] = [
  [
    'linear',
    3,
    [
      0, 0.0003333333333333333, 0.0006666666666666666, 0.001, 0.0008571428571428571, 0.0007142857142857143,
      0.0005714285714285714, 0.00042857142857142855, 0.0002857142857142857, 0.00014285714285714284,
    ],
  ],
  [
    'cosine',
    2,
    [
      0, 0.0005, 0.001, 0.0009619397662556434, 0.0008535533905932737, 0.000691341716182545, 0.0005,
      0.0003086582838174551, 0.00014644660940672628, 3.806023374435663e-5,
    ],
  ],
  ['constant_with_warmup', 4, [0, 0.00025, 0.0005, 0.00075, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001]],
  ['constant', 0, Array.from({ length: 10 }, () => 0.001)],
];

const rates = (type: TrainConfig['lr_scheduler_type'], warmup: number): number[] => {
  const config = { ...runConfig().config, lr_scheduler_type: type, warmup_steps: warmup, learning_rate: 1e-3 };
  return Array.from({ length: 10 }, (_, i) => learningRate(config, i + 1, 10));
};

it.each(recorded)('%s with %d steps of warm-up equals transformers’ schedule', (type, warmup, expected) => {
  rates(type, warmup).forEach((rate, i) =>
    expect(Math.abs(rate - (expected[i] ?? Number.NaN)), `step ${i + 1}`).toBeLessThanOrEqual(1e-12),
  );
});

it('warm-up below 1 is a fraction of all steps, rounded up', () => {
  expect(rates('linear', 0.25)).toEqual(rates('linear', 3));
});
