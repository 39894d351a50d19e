import { describe, expect, it } from 'vitest';
import { binAt, binFrom, brushOf, rangeText } from '../../../webview/shared/bins';

const edges = [-2, -1, 0, 1, 2];

describe('the bins of the histogram', () => {
  it('are found by a point, also at and beyond the ends', () => {
    expect([-0.1, 0, 0.26, 0.999, 1, 1.5].map((share) => binAt(share, 4))).toEqual([0, 0, 1, 3, 3, 3]);
  });

  it('make a range of margins, dragged in either direction', () => {
    expect(brushOf(edges, 1, 2)).toEqual([-1, 1]);
    expect(brushOf(edges, 2, 1)).toEqual([-1, 1]);
    expect(brushOf(edges, 3, 3)).toEqual([1, 2]);
  });

  it('are found again by that range', () => {
    const [low, high] = brushOf(edges, 1, 2);
    expect([binFrom(edges, low), binFrom(edges, high) - 1]).toEqual([1, 2]);
    expect(binFrom(edges, 9)).toBe(4);
  });

  it('are written as a range of the filter language', () => {
    expect(rangeText(-1.2, -0.4)).toBe('-1.2..-0.4');
    expect(rangeText(0, 10)).toBe('0..10');
    expect(rangeText(-2 / 3, 1 / 3)).toBe('-0.667..0.333');
    expect(rangeText(0.00001, 0.00002)).toBe('0.00001..0.00002');
  });
});
