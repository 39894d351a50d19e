import { describe, expect, it } from 'vitest';
import { axisOf } from '../../../src/host/sweeps/axisViews';
import { sweepArguments } from '../../../src/host/sweeps/sweepArguments';
import { sweepDetail } from '../../../src/host/sweeps/sweepDetail';
import { newTrials } from '../../../src/run/sweep/trials';
import type { Sweep, Trial } from '../../../src/run/sweep/types';
import { afterKey, type Brush, dragged, isInside } from '../../../webview/sweep/brushes';
import { runConfig } from '../run/samples';

describe('an axis', () => {
  it('of numbers that span a factor of 5 is logarithmic, with a mark for each of few values', () => {
    const { view, placeOf } = axisOf('learning_rate', [1e-4, 1e-3, 1e-2]);
    expect(view.ticks.map(({ label }) => label)).toEqual(['0.0001', '0.001', '0.01']);
    expect(placeOf(1e-3)).toBeCloseTo(0.5);
    expect(axisOf('beta', [1, 2, 3]).placeOf(2)).toBeCloseTo(0.5);
  });

  it('of many values has five marks; of words, places at equal distances; of one value, the middle', () => {
    expect(
      axisOf(
        'beta',
        Array.from({ length: 9 }, (_, i) => i),
      ).view.ticks,
    ).toHaveLength(5);
    expect(['a', 'b', 'c'].map(axisOf('loss_type', ['a', 'b', 'c']).placeOf)).toEqual([0, 0.5, 1]);
    expect(axisOf('beta', [3]).placeOf(3)).toBe(0.5);
    expect(axisOf('eval_loss', []).placeOf(undefined)).toBeNull();
  });
});

describe('the tab of a sweep', () => {
  const trials = newTrials([{ beta: 0.1 }, { beta: 0.5 }, { beta: 1 }]).map((trial, i): Trial => {
    if (i === 2) return trial;
    return { ...trial, state: 'done', result: { step: 4, value: [0.6, 0.8][i] ?? 0 } };
  });
  const sweep: Sweep = {
    version: 1,
    name: 's',
    created: 1,
    base: runConfig().config,
    method: 'grid',
    seed: 0,
    budget: null,
    axes: [{ key: 'beta', values: [0.1, 0.5, 1] }],
    metric: 'eval_rewards/accuracies',
    greater_is_better: true,
    rungs: [],
    eta: 2,
    held_out: 50,
    trials,
  };

  it('has the best trial first, its interval, and no place for a result that is not there', () => {
    const { rows, isOver, sentences } = sweepDetail(sweep, true);
    expect(rows.map(({ trial, rank }) => [trial, rank])).toEqual([
      [2, 'best'],
      [1, 'other'],
      [3, 'other'],
    ]);
    expect(rows[0]?.interval?.low).toBeLessThan(0.8);
    expect(rows[2]?.places.at(-1)).toBeNull();
    expect([isOver, sentences[0]]).toEqual([false, expect.stringContaining('Best so far: trial 2')]);
  });

  it('starts what the person typed', () => {
    const typed = { axes: ' beta=1,2  learning_rate=1e-5..1e-3 ', count: '8', budget: '' };
    expect(sweepArguments('a', { ...typed, method: 'random' })).toEqual([
      'a',
      '--grid',
      'beta=1,2',
      '--range',
      'learning_rate=1e-5..1e-3',
      '--random',
      '8',
    ]);
    expect(sweepArguments('a', { ...typed, method: 'halving', budget: '5' }).slice(-3)).toEqual([
      '--halving',
      '--budget',
      '5',
    ]);
  });
});

describe('a brush', () => {
  it('lets the trials inside through, and none without a place on its axis', () => {
    const brushes = [null, { low: 0.5, high: 1 }];
    expect([0.4, 0.5, 1, null].map((place) => isInside({ places: [0, place] }, brushes))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('follows a drag in both directions, and a click is none', () => {
    expect(dragged(0.9, 0.2)).toEqual({ low: 0.2, high: 0.9 });
    expect(dragged(-1, 2)).toEqual({ low: 0, high: 1 });
    expect(dragged(0.5, 0.505)).toBeNull();
  });

  it('is chosen, moved within the axis, grown and taken back by keys', () => {
    expect(afterKey(null, 'ArrowUp', false)).toEqual({ low: 0.5, high: 1 });
    expect(afterKey({ low: 0.5, high: 1 }, 'ArrowUp', false)).toEqual({ low: 0.5, high: 1 });
    const seed = Math.floor(Math.random() * 1e6);
    let brush: Brush | null = null;
    for (let i = 0; i < 50; i++) {
      const next = afterKey(brush, (seed >> (i % 20)) & 1 ? 'ArrowUp' : 'ArrowDown', i % 3 === 0);
      if (next === null || next === 'unchanged') throw new Error(`no brush, seed ${seed}`);
      expect(next.low >= 0 && next.high <= 1 && next.low < next.high, `seed ${seed}`).toBe(true);
      brush = next;
    }
    expect(afterKey(brush, 'Escape', false)).toBeNull();
    expect(afterKey(null, 'a', false)).toBe('unchanged');
  });
});
