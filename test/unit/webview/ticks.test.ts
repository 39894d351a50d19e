import { describe, expect, it } from 'vitest';
import { stepTicks, timeTicks, valueTicks } from '../../../webview/shared/ticks';

describe('labels of an axis', () => {
  it('have the decimals that tell their ticks apart, a true minus, and a plain zero', () => {
    expect(valueTicks([-0.5, 0, 0.5], 0.5)).toEqual(['−0.5', '0', '0.5']);
    expect(valueTicks([0.5, 0.75, 1], 0.25)).toEqual(['0.50', '0.75', '1.00']);
    expect(valueTicks([-40, -20], 20)).toEqual(['−40', '−20']);
    expect(valueTicks([0.666, 0.668], 0.002)).toEqual(['0.666', '0.668']);
  });

  it('have exponents where plain digits would be long', () => {
    expect(valueTicks([0, 2e-6, 4e-6], 2e-6)).toEqual(['0', '2e-6', '4e-6']);
    expect(valueTicks([0, 2.5e-5], 2.5e-5)).toEqual(['0', '2.5e-5']);
    expect(valueTicks([0, 200_000], 200_000)).toEqual(['0', '2e5']);
  });

  it('leave out ticks that a logarithmic axis does not label', () => {
    expect(valueTicks([null, 0.1, null], 0.1)).toEqual(['', '0.1', '']);
  });

  it('of steps are whole, thousands short', () => {
    expect(stepTicks([0, 500, 1000])).toEqual(['0', '500', '1000']);
    expect(stepTicks([0, 10_000, 20_000])).toEqual(['0', '10k', '20k']);
  });

  it('of time are in the unit that its ticks count', () => {
    expect(timeTicks([0, 30, 60, 90], 30)).toEqual(['0', '30 s', '60 s', '90 s']);
    expect(timeTicks([0, 300, 600], 300)).toEqual(['0', '5 min', '10 min']);
    expect(timeTicks([0, 3600, 7200], 3600)).toEqual(['0', '1 h', '2 h']);
  });
});
