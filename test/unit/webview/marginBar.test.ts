import { describe, expect, it } from 'vitest';
import { marginBox, markPosition } from '../../../webview/shared/marginBar';

describe('the bar of a margin', () => {
  it.each([
    [2, 4, { left: 50, width: 25 }],
    [-2, 4, { left: 25, width: 25 }],
    [4, 4, { left: 50, width: 50 }],
    [-9, 4, { left: 0, width: 50 }],
    [0, 4, { left: 50, width: 0 }],
    [0, 0, { left: 50, width: 0 }],
  ])('of %d, where %d is the widest, has its place in percent', (margin, widest, box) => {
    expect(marginBox(margin, widest)).toEqual(box);
  });
});

describe('the mark of a reward', () => {
  it('is in the middle for 0, and within the scale for the largest', () => {
    expect([0, 3, -3].map((reward) => markPosition(reward, 3))).toEqual([50, 98, 2]);
    expect(markPosition(0, 0)).toBe(50);
  });
});
