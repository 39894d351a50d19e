import { expect, it } from 'vitest';
import { lowerBound } from '../../../src/base/pure/lowerBound';

it('finds the first of the ascending numbers that is at least a value', () => {
  expect([0, 1, 2, 5, 6].map((value) => lowerBound([1, 3, 3, 5], value))).toEqual([0, 0, 1, 3, 4]);
  expect(lowerBound([], 7)).toBe(0);
});
