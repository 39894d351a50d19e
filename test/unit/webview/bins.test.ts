import { describe, expect, it } from 'vitest';
import { binAt, binFrom, brushOf } from '../../../webview/shared/bins';

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
});
