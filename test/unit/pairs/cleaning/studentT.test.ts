import { describe, expect, it } from 'vitest';
import { tQuantile, twoSided } from '../../../../src/pairs/cleaning/studentT';

describe('Student’s t', () => {
  it('has the quantiles of printed tables', () => {
    const table = [
      [1, 12.7062],
      [2, 4.30265],
      [5, 2.57058],
      [10, 2.22814],
      [100, 1.98397],
      [1e6, 1.95996],
    ] as const;
    for (const [freedom, t] of table) expect(tQuantile(0.05, freedom)).toBeCloseTo(t, 4);
  });

  it('has p-values that belong to its quantiles', () => {
    expect(twoSided(0, 7)).toBe(1);
    expect(twoSided(2, 5)).toBeCloseTo(0.10194, 5);
    for (const freedom of [1, 2.5, 40]) expect(twoSided(tQuantile(0.01, freedom), freedom)).toBeCloseTo(0.01, 8);
  });
});
