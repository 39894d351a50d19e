import { describe, expect, it } from 'vitest';
import type { TrainConfig } from '../../../../src/run/types';
import { judge } from '../../../../src/train/estimate/judge';
import type { Phase } from '../../../../src/train/estimate/types';
import { plan, trainConfig } from './samples';

const megabyte = 2 ** 20;

interface Recorded {
  readonly name: string;
  readonly config: Partial<TrainConfig>;
  /** MB of one copy of the trained values. */
  readonly trained: number;
  /** MB of the process's own memory in each phase of the dry run. */
  readonly own: Readonly<Record<Phase, number>>;
  /** The peak of a whole run of the same config, in MB: the figure of the same kernel counter, RssAnon. */
  readonly run: number;
}

/**
 * Measured on Linux on 2026-11-30: the sample's model of 3 MB, 20 steps on its rows; SmolLM2 cut to 4 layers (162 MB),
 * 8 steps on 60 rows.
 */
const recorded: readonly Recorded[] = [
  {
    name: 'the sample, an adapter, batch 8',
    config: { use_peft: true, per_device_train_batch_size: 8 },
    trained: 0.3,
    own: { open: 84.6, scoring: 83.8, light: 84.3, typical: 92.5, heavy: 94.2, answering: 95.3 },
    run: 95.3,
  },
  {
    name: 'the sample, an adapter, batch 2',
    config: { use_peft: true, per_device_train_batch_size: 2 },
    trained: 0.3,
    own: { open: 85.1, scoring: 84.4, light: 85.3, typical: 86.1, heavy: 89.2, answering: 90.2 },
    run: 87.2,
  },
  {
    name: 'the sample, all weights, batch 4',
    config: { use_peft: false, per_device_train_batch_size: 4 },
    trained: 3.2,
    own: { open: 85.4, scoring: 85.7, light: 92.4, typical: 94.4, heavy: 96.4, answering: 96.7 },
    run: 96.1,
  },
  {
    name: 'four layers of SmolLM2, an adapter, batch 8',
    config: { use_peft: true, per_device_train_batch_size: 8 },
    trained: 2.5,
    own: { open: 127.4, scoring: 233.1, light: 185.4, typical: 284.1, heavy: 295.8, answering: 148.7 },
    run: 317.5,
  },
  {
    name: 'four layers of SmolLM2, all weights, batch 4',
    config: { use_peft: false, per_device_train_batch_size: 4 },
    trained: 162,
    own: { open: 297.1, scoring: 346.2, light: 970.6, typical: 1010.1, heavy: 1024.6, answering: 621.5 },
    run: 1037.7,
  },
  {
    name: 'four layers of SmolLM2, all weights, batch 2, three micro-batches in a step',
    config: { use_peft: false, per_device_train_batch_size: 2, gradient_accumulation_steps: 3 },
    trained: 162,
    own: { open: 304.7, scoring: 337.3, light: 976.4, typical: 984.3, heavy: 995.8, answering: 623.6 },
    run: 1173.9,
  },
  {
    name: 'four layers of SmolLM2, an adapter of rank 64, batch 2',
    config: { use_peft: true, lora_r: 64, per_device_train_batch_size: 2 },
    trained: 8,
    own: { open: 151.9, scoring: 187.7, light: 178.7, typical: 189.5, heavy: 190.8, answering: 115.5 },
    run: 191.8,
  },
  {
    name: 'the sample, an adapter, batch 8, evaluations',
    config: { use_peft: true, per_device_train_batch_size: 8, test_split_size: 0.1, eval_steps: 5 },
    trained: 0.3,
    own: { open: 85.9, scoring: 91.2, light: 91.5, typical: 96.4, heavy: 101.7, answering: 99.7 },
    run: 102.1,
  },
];

describe('the estimate of the memory is within 10 % of the run', () => {
  it.each(recorded)('$name', ({ config, trained, own, run }) => {
    const phases = Object.fromEntries(
      Object.entries(own).map(([phase, peak]) => [phase, { seconds: 1, own: peak * megabyte }]),
    );
    const sizes = { weights: 0, trained: trained * megabyte, adapter: trained * megabyte };
    const { memory } = judge(
      trainConfig(config),
      sizes,
      { ended: 'done', plan: plan(), phases },
      { memory: 1e12, disk: 1e12 },
    );
    const ratio = memory.own / megabyte / run;
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });
});

describe('a step of several micro-batches', () => {
  it('holds the sum of their gradients too, which no phase of the dry run has', () => {
    const sizes = { weights: 0, trained: 100 * megabyte, adapter: 0 };
    const own = (parts: number): number =>
      judge(
        trainConfig({ use_peft: false, gradient_accumulation_steps: parts }),
        sizes,
        {
          ended: 'done',
          plan: plan(),
          phases: { heavy: { seconds: 1, own: 1000 * megabyte }, open: { seconds: 1, own: 0 } },
        },
        { memory: 1e12, disk: 1e12 },
      ).memory.own / megabyte;
    expect([own(1), own(2), own(8)]).toEqual([1000, 1100, 1100]);
  });
});
