import { expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { chooseGroups, type SplitGroup } from '../../../../src/pairs/split/chooseGroups';

const group = (place: number, ...strata: (readonly [number, number])[]): SplitGroup => ({
  place,
  strata: new Map(strata),
});

it('groups are held out by their place, and one that is too large for the rest is passed over', () => {
  const groups = [group(0.9, [0, 1]), group(0.1, [0, 2]), group(0.2, [0, 9]), group(0.3, [0, 2])];
  expect(chooseGroups(groups, 4)).toEqual([1, 3]);
});

it('each stratum gets its share of the rows, rounded so that the sum is right', () => {
  const seed = 11;
  const random = seededRandom(seed);
  const sizes = [700, 205, 95];
  const groups = sizes.flatMap((size, stratum) => Array.from({ length: size }, () => group(random(), [stratum, 1])));
  for (const wanted of [1, 7, 100, 333]) {
    const held = chooseGroups(groups, wanted);
    expect(held, `seed ${seed}`).toHaveLength(wanted);
    for (const [stratum, size] of sizes.entries()) {
      const rows = held.filter((index) => at(groups, index).strata.has(stratum)).length;
      expect(Math.abs(rows - (size * wanted) / 1000)).toBeLessThan(1);
    }
  }
});
