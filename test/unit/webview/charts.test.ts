import { describe, expect, it } from 'vitest';
import type { Curves } from '../../../src/protocol/runPanel';
import { chartColumns, plotHeight } from '../../../webview/runPanel/chartLayout';
import { chartSpecs, linesWithPoints } from '../../../webview/runPanel/chartSpecs';
import { axisRange, columnOf, smallestTick, valueAt } from '../../../webview/runPanel/columns';
import { smooth } from '../../../webview/runPanel/smooth';

describe('the columns of a chart', () => {
  it('have gaps where a point has no finite value, and nothing for a metric that is not logged', () => {
    expect(columnOf(Float64Array.of(1, Number.NaN, Infinity, 2))).toEqual([1, null, null, 2]);
    expect(columnOf(undefined)).toEqual([]);
  });

  it('have the value at a point, or the last one before it', () => {
    const column = [null, 1, null, 3, null];
    expect([0, 1, 2, 3, null].map((index) => valueAt(column, index))).toEqual([null, 1, 1, 3, 3]);
  });

  it('are smoothed without a pull towards zero, and keep their gaps', () => {
    expect(smooth([5, 5, null, 5], 0.9).map((value) => value && Number(value.toFixed(9)))).toEqual([5, 5, null, 5]);
    const [first, second] = smooth([0, 1], 0.5);
    expect([first, Number(second?.toFixed(6))]).toEqual([0, 0.666667]);
    expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2]);
  });

  it('show only the lines that have a point', () => {
    const [loss] = chartSpecs;
    const series = { loss: Float64Array.of(1, 2), eval_loss: Float64Array.of(Number.NaN, Number.NaN) };
    const curves: Curves = {
      revision: 1,
      steps: Float64Array.of(1, 2),
      times: Float64Array.of(0, 1),
      series,
      lastStep: 2,
    };
    expect(loss && linesWithPoints(loss, curves).map(({ metric }) => metric)).toEqual(['loss']);
  });
});

describe('the axis of values', () => {
  it('leaves some space above and below, also for a flat line', () => {
    expect(axisRange(0, 100)).toEqual([-6, 106]);
    expect(axisRange(50, 50)).toEqual([47, 53]);
    expect(axisRange(0, 0)).toEqual([-0.06, 0.06]);
  });

  it('on a logarithmic scale, has the decimals of its smallest tick', () => {
    expect(smallestTick([null, 10, 0.01, 1])).toBe(0.01);
    expect(smallestTick([10, 100])).toBe(1);
  });
});

describe('the layout of charts', () => {
  it('puts as many side by side as have room for their values', () => {
    expect(chartColumns(6, 300)).toEqual({ columns: 1, width: 276 });
    expect(chartColumns(6, 900)).toEqual({ columns: 3, width: 277 });
    expect(chartColumns(2, 3000)).toEqual({ columns: 2, width: 1477 });
  });

  it('fills the height, between a lowest and a highest plot', () => {
    const headers = [20, 20, 40, 20];
    // Two rows of headers, 20 and 40 high, with 20 above and below and 12 between them.
    expect(plotHeight(headers, 2, 500)).toBe(204);
    expect(plotHeight(headers, 2, 100)).toBe(104);
    expect(plotHeight(headers, 2, 5000)).toBe(320);
  });
});
