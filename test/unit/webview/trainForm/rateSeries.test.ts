import { describe, expect, it } from 'vitest';
import { rateOptions, rateSeries, rateText } from '../../../../webview/trainForm/rateSeries';

const labels = { loss: 'loss', smoothed: 'smoothed' };
const points = [
  { step: 1, rate: 1e-7, loss: 0.7, smoothed: 0.7 },
  { step: 2, rate: 1e-6, loss: 0.5, smoothed: 0.6 },
];

describe('the curve of a learning-rate test', () => {
  it('is the loss and its average over the rate', () => {
    const [loss, smoothed] = rateSeries(points, labels);
    expect([...(loss?.x ?? [])]).toEqual([1e-7, 1e-6]);
    expect([...(loss?.y ?? [])]).toEqual([0.7, 0.5]);
    expect([...(smoothed?.y ?? [])]).toEqual([0.7, 0.6]);
  });

  it('has no line without steps', () => {
    expect(rateSeries([], labels)).toEqual([]);
  });

  it('marks the suggested rate on a logarithmic axis', () => {
    const done = { kind: 'done', points, suggested: 3.21e-5, steepest: null, tenth: null, notes: [] } as const;
    expect(rateOptions(done, 'rate')).toMatchObject({ logX: true, marks: [{ x: 3.21e-5, label: '3.2e-5' }] });
    expect(rateOptions({ ...done, suggested: null }, 'rate').marks).toEqual([]);
  });

  it('a rate is written as JSON with two digits', () => {
    expect([rateText(0.00123), JSON.parse(rateText(0.00123))]).toEqual(['1.2e-3', 0.0012]);
  });
});
