import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { orderOf, ranksIn } from '../../../../src/run/pairNumbers/rankOf';
import { ranksAt } from '../../../../src/run/pairNumbers/ranksAt';
import { pick } from '../../pairs/random';

const slices = { breathe: (): Promise<boolean> => Promise.resolve(false) };
const extremes = [0, -0, Number.NaN, Infinity, -Infinity, 1e-320, Number.MAX_VALUE, -Number.MAX_VALUE];

describe('ranks of a few pairs', () => {
  it.each([
    ['of spread numbers', (next: () => number): number => next() - 0.5],
    ['with many ties', (next: () => number): number => Math.floor(next() * 4)],
    ['of near numbers', (next: () => number): number => 1 + next() * 1e-12],
    ['with extremes', (next: () => number): number => pick(next, extremes)],
  ])('are those in the order of all %s', async (_, valueOf) => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = seededRandom(seed);
      const numbers = Float64Array.from({ length: Math.floor(next() * 300) }, () => valueOf(next));
      const places = Array.from({ length: numbers.length && 20 }, () => Math.floor(next() * numbers.length));
      const isRanked = seed % 2 === 0 ? null : (place: number): boolean => place % 3 > 0;
      const all = ranksIn(await orderOf(numbers, slices, isRanked ?? undefined), numbers.length);
      const some = await ranksAt(places, numbers, slices, isRanked);
      expect([...some], `seed ${seed}`).toEqual(places.map((place) => at(all, place)));
    }
  });
});
