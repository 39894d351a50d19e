import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { must } from '../../../../src/base/pure/must';
import { adviseRate, RateCurve, rateOf } from '../../../../src/train/estimate/rateCurve';

const range = { from: 1e-7, to: 1e-1, steps: 61 };

/** A curve of losses that are a function of the exponent of the rate; it ends where it diverges. */
function curveOf(lossAt: (exponent: number) => number): RateCurve {
  const curve = new RateCurve();
  for (let step = 1; step <= range.steps && !curve.hasDiverged; step++) {
    const rate = rateOf(range, step);
    curve.add(rate, lossAt(Math.log10(rate)));
  }
  return curve;
}

/** Flat, falls from 1e-5 to 1e-3, then rises steeply. */
const valley = (exponent: number): number =>
  exponent < -3 ? 0.7 - 0.25 * Math.max(0, exponent + 5) : 0.2 + 5 * (exponent + 3) ** 2;

describe('the rates of a range test', () => {
  it('grow by one factor from the smallest to the largest', () => {
    expect(rateOf(range, 1)).toBeCloseTo(1e-7, 12);
    expect(rateOf(range, 61)).toBeCloseTo(1e-1, 6);
    expect(rateOf(range, 31) / rateOf(range, 21)).toBeCloseTo(10, 6);
  });
});

describe('the curve', () => {
  it('starts its average with the first loss, and keeps a constant loss', () => {
    const curve = new RateCurve();
    for (let i = 0; i < 5; i++) expect(curve.add(1e-5, 0.7).smoothed).toBeCloseTo(0.7, 12);
    expect(curve.hasDiverged).toBe(false);
  });

  it('diverges above four times the best average, also where the loss is negative', () => {
    const positive = new RateCurve();
    positive.add(1e-5, 1);
    positive.add(1e-4, 20);
    expect(positive.hasDiverged).toBe(true);
    const negative = new RateCurve();
    for (const loss of [-1, -0.5, 0.5]) negative.add(1e-5, loss);
    expect(negative.hasDiverged).toBe(false);
    negative.add(1e-4, 30);
    expect(negative.hasDiverged).toBe(true);
  });

  it('suggests a rate on the slope, at most a tenth of the minimum', () => {
    const curve = curveOf(valley);
    const advice = adviseRate(curve.points, curve.hasDiverged);
    expect([curve.hasDiverged, advice.isClear, advice.fellToTheEnd]).toEqual([true, true, false]);
    const steepest = must(advice.steepest, 'the steepest rate');
    expect(steepest).toBeGreaterThan(1e-5);
    expect(steepest).toBeLessThan(3e-3);
    const lowest = curve.points.reduce((best, point) => (point.smoothed < best.smoothed ? point : best));
    expect(advice.tenth).toBeCloseTo(lowest.rate / 10, 12);
    expect(advice.suggested).toBe(Math.min(steepest, must(advice.tenth, 'the tenth')));
  });

  it('says that a loss without a course is not clear', () => {
    const random = seededRandom(7);
    const curve = curveOf(() => 0.69 + 0.1 * (random() - 0.5));
    expect(adviseRate(curve.points, curve.hasDiverged).isClear).toBe(false);
  });

  it('says that the loss fell to the end, and suggests nothing where it only rises', () => {
    const falling = curveOf((exponent) => 1 - exponent);
    expect(adviseRate(falling.points, falling.hasDiverged)).toMatchObject({ fellToTheEnd: true, isClear: true });
    const rising = curveOf((exponent) => 8 + exponent);
    expect(adviseRate(rising.points, rising.hasDiverged)).toMatchObject({ suggested: null, isClear: false });
    expect(adviseRate(rising.points.slice(0, 2), true).suggested).toBeNull();
  });
});
