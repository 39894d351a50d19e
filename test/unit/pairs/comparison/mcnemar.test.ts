import { describe, expect, it } from 'vitest';
import { mcnemar } from '../../../../src/pairs/comparison/mcnemar';

describe("McNemar's exact test", () => {
  // scipy.stats.binomtest(min(b, c), b + c).pvalue
  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [0, 5, 0.0625],
    [3, 12, 0.03515625],
    [12, 3, 0.03515625],
    [40, 65, 0.018740915],
  ])('%i against %i: p = %f', (first, second, p) => {
    expect(mcnemar(first, second)).toBeCloseTo(p, 8);
  });

  it('stays a number for a million pairs', () => {
    expect(mcnemar(500_000, 500_000)).toBe(1);
    expect(mcnemar(490_000, 510_000)).toBeGreaterThanOrEqual(0);
    expect(mcnemar(490_000, 510_000)).toBeLessThan(1e-80);
  });
});
