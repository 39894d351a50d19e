import type { RateState, RateStep } from '../../src/protocol/rateTest';
import type { ChartOptions, Series } from '../shared/chart/series';
import { plainOptions } from '../shared/chart/series';

/** The loss of a learning-rate range test and its moving average, over the rate. */
export function rateSeries(points: readonly RateStep[], labels: { loss: string; smoothed: string }): Series[] {
  if (points.length === 0) return [];
  const x = Float64Array.from(points, ({ rate }) => rate);
  const loss = Float64Array.from(points, (point) => point.loss);
  const smoothed = Float64Array.from(points, (point) => point.smoothed);
  return [
    { label: labels.loss, x, y: loss, colour: '--vscode-descriptionForeground', dash: [2, 3], exact: true },
    { label: labels.smoothed, x, y: smoothed, colour: '--vscode-charts-blue', exact: true },
  ];
}

/** The options of the chart: a logarithmic axis, and a mark at the suggested rate. */
export function rateOptions(state: RateState, across: string): ChartOptions {
  const suggested = state.kind === 'done' ? state.suggested : null;
  const marks = suggested === null ? [] : [{ x: suggested, label: rateText(suggested) }];
  return { ...plainOptions, acrossLabel: across, logX: true, clip: true, marks };
}

/** A rate with two digits, as the file gets it: `3.2e-5`. */
export const rateText = (rate: number): string => rate.toExponential(1);
