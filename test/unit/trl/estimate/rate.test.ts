import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/run/types';
import { measuredRate, rateDifference, scaledRate } from '../../../../src/trl/estimate/rate';
import { costOf, secondsOf, workOf } from '../../../../src/trl/estimate/work';
import { runConfig } from '../../run/samples';

/** Logged steps: seconds, and tokens until then. */
const logged = (points: readonly (readonly [seconds: number, tokens: number])[]): RunEvent[] =>
  points.map(([t, num_tokens], step) => ({ t: 1000 * t, step: step + 1, kind: 'train', metrics: { num_tokens } }));

const config = {
  per_device_train_batch_size: 2,
  gradient_accumulation_steps: 3,
  num_processes: 2,
  max_steps: -1,
  num_train_epochs: 2,
  eval_steps: 2,
};

describe('the measured speed of a run', () => {
  it('is the median over the steps, so that a pause does not count', () => {
    const points = [0, 1, 2, 3, 60, 61, 62].map((t, i) => [t, 100 * i] as const);
    expect(measuredRate(logged(points))).toBe(100);
  });

  it('survives a resume, where the sum begins again', () => {
    const points = [0, 1, 2, 3, 4].map((t, i) => [t, 50 * i] as const);
    const again = [100, 101, 102].map((t, i) => [t, 50 * i] as const);
    expect(measuredRate(logged([...points, ...again]))).toBe(50);
  });

  it('is unknown after few steps, and if the trainer logs no tokens', () => {
    expect(
      measuredRate(
        logged([
          [0, 0],
          [1, 100],
        ]),
      ),
    ).toBeNull();
    const silent = [1, 2, 3, 4, 5, 6, 7].map((t) => ({ t, step: t, kind: 'train', metrics: { loss: 1 } }) as const);
    expect(measuredRate(silent)).toBeNull();
  });

  it('of a similar model is scaled by the parameters, and of another one says nothing', () => {
    expect(scaledRate(100, 2e9, 1e9)).toBe(200);
    expect(scaledRate(100, 1e9, 2e9)).toBe(50);
    expect(scaledRate(100, 3e9, 1e9)).toBeNull();
    expect(scaledRate(100, 1e9, 3e9)).toBeNull();
  });

  it('does not count for a run that trains in another way', () => {
    const { config: one } = runConfig();
    expect(rateDifference(one, one)).toBeNull();
    expect(rateDifference(one, { ...one, learning_rate: 1, seed: 7 })).toBeNull();
    expect(rateDifference(one, { ...one, num_processes: 8 })).toBe('num_processes');
  });
});

describe('the work of a run', () => {
  it('has steps of all processes, and counts a short last step', () => {
    // 25 rows are 7 passes of 2 × 2 rows, and 3 steps of up to 3 passes.
    expect(workOf(config, { rows: 25, tokens: 1000 }, null)).toEqual({ steps: 6, trained: 2000, evaluated: 0 });
  });

  it('has evaluations every eval_steps, and one at the end', () => {
    const held = { rows: 5, tokens: 10 };
    expect(workOf(config, { rows: 25, tokens: 1000 }, held).evaluated).toBe(3 * 10);
    expect(workOf({ ...config, eval_steps: 0 }, { rows: 25, tokens: 1000 }, held).evaluated).toBe(10);
  });

  it('with max_steps is that part of the epochs', () => {
    expect(workOf({ ...config, max_steps: 9 }, { rows: 25, tokens: 1000 }, null)).toMatchObject({
      steps: 9,
      trained: 3000,
    });
  });

  it('takes tokens over speed, and costs hours times price times machines', () => {
    expect(secondsOf({ steps: 1, trained: 9000, evaluated: 1800 }, 3)).toBe(3600);
    expect(costOf(3600, 2.5, 4)).toBe(10);
  });
});
