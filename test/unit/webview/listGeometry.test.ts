import { describe, expect, it } from 'vitest';
import { rowForKey, thumbBox, topFor } from '../../../webview/shared/listGeometry';

describe('a list of rows', () => {
  it('scrolls as little as brings a row into view', () => {
    const page = 10.5;
    expect(topFor(3, 5, page)).toBe(3);
    expect(topFor(8, 5, page)).toBe(5);
    expect(topFor(20, 5, page)).toBe(10.5);
    expect(topFor(-1, 5, page)).toBe(5);
  });

  it('moves from the selected row with keys', () => {
    const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'];
    expect(keys.map((key) => rowForKey(key, 50, 10.5, 1000))).toEqual([51, 49, 59, 41, 0, 999, undefined]);
    // A page of less than two rows still moves.
    expect(rowForKey('PageDown', 50, 1, 1000)).toBe(51);
  });

  it('has a thumb that reaches both ends, and stays large enough to drag', () => {
    expect(thumbBox(0, 10, 1_000_000, 200)).toEqual({ top: 0, height: 24 });
    expect(thumbBox(1_000_000 - 10, 10, 1_000_000, 200)).toEqual({ top: 176, height: 24 });
    expect(thumbBox(5, 10, 20, 200)).toEqual({ top: 50, height: 100 });
  });
});
