import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { RowSelection } from '../../../webview/shared/rowSelection';

const selectedIn = (selection: RowSelection): number[] =>
  selection.ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));

it('a click selects one row, Shift those up to another one, Ctrl adds one or takes it out', () => {
  const selection = new RowSelection();
  selection.only(4);
  selection.extend(6);
  expect(selectedIn(selection)).toEqual([4, 5, 6]);
  selection.extend(3);
  expect(selectedIn(selection)).toEqual([3, 4]);
  selection.toggle(9);
  selection.toggle(3);
  expect([selectedIn(selection), selection.count]).toEqual([[4, 9], 2]);
  selection.only(1);
  expect(selectedIn(selection)).toEqual([1]);
});

it('all rows of a long list take one range', () => {
  const selection = new RowSelection();
  selection.all(5_000_000);
  expect([selection.ranges.length, selection.count, selection.has(4_999_999)]).toEqual([1, 5_000_000, true]);
  selection.all(0);
  expect(selection.count).toBe(0);
});

it('ranges are those of a set of rows, whatever is clicked', () => {
  const seed = Date.now();
  const random = seededRandom(seed);
  const [selection, set] = [new RowSelection(), new Set<number>()];
  for (let i = 0; i < 2000; i++) {
    const row = Math.floor(random() * 30);
    selection.toggle(row);
    if (!set.delete(row)) set.add(row);
    expect(selectedIn(selection), `seed ${seed}`).toEqual([...set].sort((a, b) => a - b));
    expect(selection.ranges.every(({ from }, j) => j === 0 || from > (selection.ranges[j - 1]?.to ?? 0))).toBe(true);
  }
});
