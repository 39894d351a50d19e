import { describe, expect, it } from 'vitest';
import { binBounds, binOf, shareOf } from '../../../webview/runPanel/pairs/binBounds';
import { binAt } from '../../../webview/shared/bins';

const edges = [-2, -1, 0, 1, 2];

describe('the bins of the histogram', () => {
  it('are found by a point, also at and beyond the ends', () => {
    expect([-0.1, 0, 0.26, 0.999, 1, 1.5].map((share) => binAt(share, 4))).toEqual([0, 0, 1, 3, 3, 3]);
  });

  it('are found by a number', () => {
    expect([-2, -0.5, 0, 2, 2.1, -3].map((value) => binOf(edges, value))).toEqual([0, 1, 2, 3, null, null]);
    expect(binOf([], 1)).toBeNull();
  });

  it('make a range of numbers, dragged in either direction; the ends are open', () => {
    expect(binBounds(edges, 2, 1)).toEqual({ low: -1, high: 1, isBelow: false });
    expect(binBounds(edges, 3, 2)).toEqual({ low: 0, high: null, isBelow: false });
    expect(binBounds(edges, 0, 3)).toEqual({ low: null, high: null, isBelow: false });
  });

  it('leave out 0 from the numbers below it', () => {
    expect(binBounds(edges, 0, 1)).toEqual({ low: null, high: 0, isBelow: true });
    expect(binBounds(edges, 1, 1)).toEqual({ low: -1, high: 0, isBelow: true });
  });

  it('write no more decimals than a bin needs', () => {
    const thirds = [-1 / 3, 0, 1 / 3, 2 / 3, 1];
    expect(binBounds(thirds, 2, 2)).toEqual({ low: 0.333, high: 0.667, isBelow: false });
  });

  it('lie on the width as the numbers do', () => {
    expect(shareOf(edges, { low: -1, high: 1, isBelow: false })).toEqual({ left: 0.25, right: 0.75 });
    expect(shareOf(edges, { low: null, high: -5, isBelow: true })).toEqual({ left: 0, right: 0 });
  });
});
