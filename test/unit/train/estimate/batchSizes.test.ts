import { describe, expect, it } from 'vitest';
import { judge } from '../../../../src/train/estimate/judge';
import { batchText, report } from '../../../../src/train/estimate/sentences';
import { gigabyte, measured, plan, trainConfig } from './samples';

const config = trainConfig({ per_device_train_batch_size: 8, gradient_accumulation_steps: 4 });
const sizes = { weights: gigabyte, trained: 1e6, adapter: 1e6 };
const free = (memory: number): { memory: number; disk: number } => ({ memory: memory * gigabyte, disk: 1e12 });

describe('the largest batch that fits', () => {
  it('is a larger one if there is room, with as many pairs in a step', () => {
    // A batch of 16 pairs has a load of 30: 1 GB of weights, 1 GB, 15 GB for the load, and 0.001 GB for the sum of
    // gradients. A tenth stays free.
    const { batches } = judge(config, sizes, measured(), free(20));
    expect(batches?.largest).toMatchObject({ size: 16, accumulation: 2, isLimit: true });
    expect(batches?.largest?.needs).toBeCloseTo(17.001 * gigabyte);
    const { batches: all } = judge(config, sizes, measured(), free(100));
    expect(all?.largest).toMatchObject({ size: 32, accumulation: 1, isLimit: false });
  });

  it('is a smaller one if the run itself does not fit, and none if no size does', () => {
    const { batches } = judge(config, sizes, measured(), free(8));
    expect(batches?.largest).toMatchObject({ size: 4, accumulation: 8, isLimit: true });
    expect(judge(config, sizes, measured(), free(1.5)).batches?.largest).toBeNull();
  });

  it('is unknown if the dry run was ended', () => {
    expect(judge(config, sizes, measured('stopped', {}, 'heavy'), free(8)).batches).toBeNull();
  });
});

describe('the speed of a batch', () => {
  it('is that of the micro-batches that were measured', () => {
    const { batches } = judge(config, sizes, measured(), free(20));
    expect(batches?.speeds).toEqual([
      { pairs: 1, tokensPerSecond: 500 },
      { pairs: 8, tokensPerSecond: 1000 },
    ]);
  });

  it('is told with the size, in a line of the report', () => {
    const found = judge(config, sizes, measured(), free(20));
    expect(report(found).find((line) => line.startsWith('batch'))).toBe(
      'batch    up to 16 pairs fit: per_device_train_batch_size 16, gradient_accumulation_steps 2, 17.0 GB, by a line through the batches that were measured; measured: 1 pair 500 tokens/s, 8 pairs 1,000 tokens/s',
    );
    expect(batchText({ largest: null, speeds: [] })).toMatch(/^none of the planned sizes/);
    expect(plan().larger).toHaveLength(2);
  });
});
