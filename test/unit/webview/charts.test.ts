import { describe, expect, it } from 'vitest';
import { chartColumns, plotHeight } from '../../../webview/shared/chart/chartLayout';
import { chartSpecs, linesWithPoints } from '../../../webview/runPanel/chartSpecs';

describe('the charts of a run', () => {
  it('show only the lines that have a point', () => {
    const [loss] = chartSpecs;
    const series = { loss: Float64Array.of(1, 2), eval_loss: Float64Array.of(Number.NaN, Number.NaN) };
    const curves = { series };
    expect(loss && linesWithPoints(loss, curves).map(({ metric }) => metric)).toEqual(['loss']);
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
