import { describe, expect, it } from 'vitest';
import { readRateLine } from '../../../src/host/trainForm/rateLines';

describe('the lines of margin train --find_lr --json', () => {
  it('are steps', () => {
    const line = '{"step":1,"learning_rate":1e-7,"loss":0.69,"smoothed":0.7}';
    expect(readRateLine(line, [])).toEqual({ step: 1, rate: 1e-7, loss: 0.69, smoothed: 0.7 });
  });

  it('end with the rates, or with why there are none', () => {
    const rates = { suggested: 1e-5, steepest: 1e-5, tenth_of_minimum: null, clear: true, ended: 'swept', passes: 1 };
    const points = [{ step: 1, rate: 1e-7, loss: 0.69, smoothed: 0.7 }];
    expect(readRateLine(JSON.stringify({ rates, notes: ['A place to start.'] }), points)).toEqual({
      kind: 'done',
      points,
      suggested: 1e-5,
      steepest: 1e-5,
      tenth: null,
      notes: ['A place to start.'],
    });
    const failed = '{"error":{"code":"not-finite","message":"Step 1 has results that are not finite."}}';
    expect(readRateLine(failed, points)).toMatchObject({ kind: 'failed', message: expect.stringContaining('finite') });
  });
});
