import { describe, expect, it } from 'vitest';
import { trendShape } from '../../../../webview/runPanel/pairs/trendShape';

const size = { width: 108, height: 48 };
const trend = {
  steps: [0, 50, 100],
  margins: [0, Number.NaN, -2],
  chosen: [0, 1, 2],
  rejected: [0, 2, 4],
  visits: [],
};

describe('the trend of a pair', () => {
  it('has a line with a gap where the pair was not scored, and a dot for each score', () => {
    const { paths, dots, zero } = trendShape(trend, ['margins'], size, 50);
    expect(paths.margins).toBe('M4.0 4.0M104.0 44.0');
    expect(dots.margins).toEqual([
      { x: 4, y: 4 },
      { x: 104, y: 44 },
    ]);
    expect(zero).toBe(4);
    expect(paths.chosen).toBe('');
  });

  it('shows the step of the view, and margins that training steps saw', () => {
    const visits = [{ step: 25, margin: 1 }];
    const shape = trendShape({ ...trend, visits }, ['chosen', 'rejected', 'margins'], size, 50);
    expect(shape.shown).toBe(54);
    expect(shape.visits[0]?.x).toBe(29);
    expect(trendShape(trend, ['margins'], size, 200).shown).toBeNull();
  });

  it('is a dot in the middle if there is one score of 0', () => {
    const one = { steps: [7], margins: [0], chosen: [0], rejected: [0], visits: [] };
    expect(trendShape(one, ['margins'], size, null).dots.margins).toEqual([{ x: 54, y: 24 }]);
  });
});
