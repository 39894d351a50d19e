import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { crossedMean } from '../../../../src/pairs/cleaning/crossedMean';

/** A number of the normal distribution, by Box and Muller. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Differences that have something of their row, something of their seed, and something of their own. */
function drawn(
  random: () => number,
  seeds: number,
  rows: number,
  spread: readonly [number, number, number],
): Float64Array[] {
  const ofRows = Array.from({ length: rows }, () => spread[0] * normal(random));
  return Array.from({ length: seeds }, () => {
    const ofSeed = spread[1] * normal(random);
    return Float64Array.from(ofRows, (own) => own + ofSeed + spread[2] * normal(random));
  });
}

describe('the mean over seeds and rows', () => {
  it.each([
    [1, 200, [0.3, 0, 0.2]],
    [3, 150, [0.3, 0, 0.2]],
    [3, 150, [0.1, 0.02, 0.3]],
    [5, 60, [0.05, 0.1, 0.1]],
  ] as const)(
    'of %i seeds and %i rows has an interval that holds the truth in about 95 of 100 cases',
    (seeds, rows, spread) => {
      const random = seededRandom(20261129 + seeds);
      const trials = 400;
      let inside = 0;
      for (let i = 0; i < trials; i++) {
        const { low, high } = crossedMean(drawn(random, seeds, rows, spread));
        if (low <= 0 && high >= 0) inside++;
      }
      expect(inside / trials).toBeGreaterThan(0.92);
      expect(inside / trials).toBeLessThan(0.995);
    },
  );

  it('is not certain where all rows agree: the next row may not', () => {
    const same = [new Float64Array(100), new Float64Array(100)];
    expect(crossedMean(same)).toMatchObject({ mean: 0, p: 1 });
    expect(crossedMean(same).high).toBeCloseTo(0.028, 3);
  });

  it('has a small p-value exactly where 0 is outside its interval', () => {
    const random = seededRandom(5);
    for (let i = 0; i < 200; i++) {
      const shift = 0.2 * random();
      const values = drawn(random, 3, 40, [0.2, 0.05, 0.3]).map((own) => own.map((value) => value + shift));
      const { low, high, p } = crossedMean(values);
      expect(p < 0.05).toBe(low > 0 || high < 0);
    }
  });
});
