import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { applyToLines } from '../../../src/pairs/edits';
import { NumberColumn } from '../../../src/host/pairEditor/numberColumn';
import { RowFacts } from '../../../src/editor/rowFacts';
import type { RowIdentity } from '../../../src/pairs/rowRewards';
import { Slices } from '../../../src/editor/slices';
import { sortRows } from '../../../src/base/pure/sortRows';
import { pick } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';

const extremes = [0, -0, 1e-320, -1e-320, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity, 1, -1];

describe('sorting in slices', () => {
  it.each([
    ['whole numbers', (next: () => number): number => Math.floor(next() * 1000) - 500],
    ['near numbers', (next: () => number): number => 1 + next() * 1e-9],
    ['both zeros, infinities and the extremes', (next: () => number): number => pick(next, extremes)],
  ])('gives the same order as a plain sort, rows of equal value in file order: %s', async (_, valueOf) => {
    const seed = 20261124;
    const next = seededRandom(seed);
    const values = Array.from({ length: 80_000 }, () => valueOf(next));
    const rows = Int32Array.from(values.keys());
    const sorted = await sortRows(rows.slice(), (row) => at(values, row), new Slices());
    const order = (a: number, b: number): number => (at(values, a) < at(values, b) ? -1 : 1);
    const plain = Array.from(rows).sort((a, b) => (at(values, a) === at(values, b) ? a - b : order(a, b)));
    expect(Buffer.from(sorted.buffer).equals(Buffer.from(Int32Array.from(plain).buffer)), `seed ${seed}`).toBe(true);
  });
});

describe('facts of rows', () => {
  it('stay with their rows through any edits', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const next = seededRandom(seed);
      const facts = new RowFacts();
      let rows = Array.from({ length: 30 }, (_, i) => `row ${i}`);
      facts.extend(rows.length);
      const look = (): void => {
        for (let row = facts.nextUnknown(0); row < rows.length; row = facts.nextUnknown(row))
          facts.set(row, identity(rows[row]), hash(rows[row]) % 3);
      };
      look();
      for (let i = 0; i < 40; i++) {
        const edit = randomEdit(next, rows, `${seed}.${i}`);
        rows = applyToLines(rows, edit);
        facts.apply(edit);
        look();
        expect(facts.length, `seed ${seed}`).toBe(rows.length);
        expect(
          rows.map((_, row) => facts.identityAt(row)),
          `seed ${seed}`,
        ).toEqual(rows.map(identity));
        expect(facts.problemRows, `seed ${seed}`).toBe(rows.filter((row) => hash(row) % 3 > 0).length);
        expect(facts.unknownRows, `seed ${seed}`).toBe(0);
      }
    }
  });
});

it('a key leads to its row: of a pair, of any pair of a list, else of the same answers exchanged', () => {
  const facts = new RowFacts();
  facts.extend(4);
  facts.set(0, { key: 10, exchanged: 11, judgedGood: null }, 0);
  facts.set(1, { keys: [20, 30] }, 0);
  facts.set(2, { keys: [11, 40] }, 0);
  facts.set(3, null, 1);
  expect([10, 20, 30, 40, 11, 99].map((key) => facts.rowOf(key))).toEqual([0, 1, 1, 2, 2, null]);
  facts.apply({ op: 'delete', row: 0, lines: [''] });
  facts.set(0, { keys: [20] }, 0);
  expect([30, 20, 40].map((key) => facts.rowOf(key))).toEqual([null, 0, 1]);
});

describe('a column of computed numbers', () => {
  it('computes each number once until it is cleared, and knows rows without one', () => {
    const asked: number[] = [];
    const column = new NumberColumn((row) => {
      asked.push(row);
      return row % 3 === 0 ? null : row;
    });
    const look = (): (number | null)[] => [5000, 0, 1, 2, 3].map((row) => column.at(row));
    expect(look()).toEqual([5000, null, 1, 2, null]);
    expect(look()).toEqual([5000, null, 1, 2, null]);
    expect(asked).toEqual([5000, 0, 1, 2, 3]);
    column.clear();
    look();
    expect(asked).toHaveLength(10);
  });
});

/** Pairs, judged answers, and lists of up to three pairs. */
function identity(text: string | undefined): RowIdentity {
  const key = hash(text);
  if (key % 4 === 0) return { keys: Array.from({ length: 1 + (key % 3) }, (_, i) => key + i) };
  return { key, exchanged: key + 1, judgedGood: key % 3 === 0 ? null : key % 3 === 1 };
}

function hash(text: string | undefined): number {
  let sum = 0;
  for (const character of text ?? '') sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003;
  return sum;
}
