import { describe, expect, it } from 'vitest';
import { BucketOrder } from '../../../src/base/pure/bucketOrder';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { pick } from '../pairs/random';

const slices = { breathe: (): Promise<boolean> => Promise.resolve(false) };
const extremes = [0, -0, Number.NaN, Infinity, -Infinity, 1e-320, Number.MAX_VALUE, -Number.MAX_VALUE];

/** As the docstring says: equal values in the order of rows, NaN last. */
function sorted(rows: readonly number[], values: Float64Array, isDescending: boolean): number[] {
  const isNumber = (row: number): boolean => !Number.isNaN(at(values, row));
  const compare = (a: number, b: number): number => {
    const [one, other] = [at(values, a), at(values, b)];
    const order = one < other ? -1 : one > other ? 1 : 0;
    return (isDescending ? -order : order) || a - b;
  };
  return [...rows.filter(isNumber).sort(compare), ...rows.filter((row) => !isNumber(row))];
}

describe('parts of an order', () => {
  it.each([
    ['of spread numbers', (next: () => number): number => next() - 0.5],
    ['with many ties', (next: () => number): number => Math.floor(next() * 4)],
    ['of near numbers', (next: () => number): number => 1 + next() * 1e-12],
    ['with extremes', (next: () => number): number => pick(next, extremes)],
  ])('are those of a full sort %s', async (_, valueOf) => {
    for (let seed = 1; seed <= 12; seed++) {
      const next = seededRandom(seed);
      const values = Float64Array.from({ length: Math.floor(next() * 300) }, () => valueOf(next));
      const rows = [...values.keys()].filter((row) => seed % 2 === 0 || row % 3 > 0);
      const isDescending = seed % 4 < 2;
      const order = await BucketOrder.of(Int32Array.from(rows), values, isDescending, slices);
      const all = sorted(rows, values, isDescending);
      const [from, count] = [Math.floor(next() * rows.length), Math.floor(next() * 50)];
      expect([...(await order.part(0, order.length, slices))], `seed ${seed}`).toEqual(all);
      expect([...(await order.part(from, from + count, slices))], `seed ${seed}`).toEqual(
        all.slice(from, from + count),
      );
      for (const row of values.keys()) {
        const index = all.indexOf(row);
        expect(await order.indexOf(row, slices), `seed ${seed}`).toBe(index < 0 ? null : index);
      }
      const first = await order.isFirst(count, slices);
      expect(
        [...values.keys()].filter((row) => first[row] === 1),
        `seed ${seed}`,
      ).toEqual(all.slice(0, count).sort((a, b) => a - b));
    }
  });

  it('sum up as the first rows of a full sort do', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const next = seededRandom(seed);
      // Halves and quarters add up without rounding.
      const values = Float64Array.from({ length: 1 + Math.floor(next() * 200) }, () => Math.floor(next() * 40) / 4);
      const order = await BucketOrder.of(Int32Array.from(values.keys()), values, true, slices);
      const { total, ofFirst, until } = await order.sums(slices);
      const sums = [0];
      for (const row of sorted([...values.keys()], values, true))
        sums.push(at(sums, sums.length - 1) + at(values, row));
      expect(total, `seed ${seed}`).toBe(sums.at(-1));
      for (const [count, sum] of sums.entries()) expect(await ofFirst(count), `seed ${seed}`).toBe(sum);
      const wanted = next() * total;
      expect(await until(wanted), `seed ${seed}`).toBe(sums.findIndex((sum) => sum >= wanted));
    }
  });
});
