import { describe, expect, it } from 'vitest';
import { logTicks, smallestTick } from '../../../../webview/shared/chart/axes';
import { type Line, lineOf } from '../../../../webview/shared/chart/lines';
import { axisRange, canBeLog, logRange, valueRange } from '../../../../webview/shared/chart/ranges';

function lines(...columns: readonly (readonly number[])[]): Line[] {
  return columns.flatMap((values) => {
    const y = Float64Array.from(values);
    const made = lineOf({ label: '', colour: '', x: Float64Array.from(values, (_, i) => i), y }, 0, null);
    return made === null ? [] : [made];
  });
}

describe('the axis of values', () => {
  it('leaves some space above and below, also for a flat line', () => {
    expect(axisRange(0, 100)).toEqual([-6, 106]);
    expect(axisRange(50, 50)).toEqual([47, 53]);
    expect(axisRange(0, 0)).toEqual([-0.06, 0.06]);
    const [low, high] = logRange(1, 100);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(100);
  });

  it('shows the values of the shown range only', () => {
    expect(valueRange(lines([9, 1, 2, 3, 9]), [1, 3], false)).toEqual([1, 3]);
    expect(valueRange(lines([1, 2], [5]), [0, 5], false)).toEqual([1, 5]);
    expect(valueRange(lines([1, 2]), [7, 9], false)).toBeNull();
  });

  it('leaves outliers out if it is asked to', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1e6 : (7 * i) % 11));
    expect(valueRange(lines(values), [0, 1000], true)).toEqual([0, 10]);
    expect(valueRange(lines(values), [0, 1000], false)).toEqual([0, 1e6]);
  });

  it('is logarithmic only if all values are above 0', () => {
    expect(canBeLog(lines([1, 2], [0.1]))).toBe(true);
    expect(canBeLog(lines([1, 2], [0]))).toBe(false);
  });
});

describe('the ticks of a logarithmic axis', () => {
  it('are 1, 2 and 5 times powers of ten, or only powers where there is no room', () => {
    expect(logTicks(0.9, 11, 8)).toEqual([1, 2, 5, 10]);
    expect(logTicks(0.0009, 1100, 8)).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
    expect(logTicks(0.0009, 1100, 4)).toEqual([0.001, 0.1, 10, 1000]);
  });

  it('have the decimals of the smallest', () => {
    expect(smallestTick([null, 10, 0.01, 1])).toBe(0.01);
    expect(smallestTick([10, 100])).toBe(1);
  });
});
