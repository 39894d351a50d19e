import { expect, it } from 'vitest';
import { type Edit, inverse } from '../../../../src/pairs/edits';
import type { EditRecord } from '../../../../src/pairs/marks/mark';
import { changedRows } from '../../../../src/pairs/marks/changedRows';
import { pairHistory } from '../../../../src/pairs/marks/pairHistory';

const replace = (row: number, previous: string, line: string): Edit => ({ op: 'replace', row, line, previous });
const insert = (row: number, ...lines: string[]): Edit => ({ op: 'insert', row, lines });
const remove = (row: number, ...lines: string[]): Edit => ({ op: 'delete', row, lines });

it('a row that was typed into letter by letter has one change, from its first text to its last', () => {
  expect(changedRows([replace(2, 'a', 'ab'), insert(0, 'new'), replace(3, 'ab', 'abc')])).toEqual([
    { before: null, after: 'new' },
    { before: 'a', after: 'abc' },
  ]);
});

it('a row that was changed and deleted is gone as it was before; one that was inserted and deleted never was', () => {
  expect(changedRows([replace(1, 'a', 'b'), remove(1, 'b'), insert(0, 'x'), remove(0, 'x')])).toEqual([
    { before: 'a', after: null },
  ]);
});

it('what was taken back, put back or only moved is no change', () => {
  const edits: Edit[] = [
    replace(0, 'a', 'b'),
    remove(0, 'b'),
    insert(4, 'n'),
    { op: 'move', from: 1, count: 2, to: 5 },
  ];
  const back = edits.map(inverse).reverse();
  expect(changedRows([...edits, ...back])).toEqual([]);
  expect(changedRows([edits[3], back[0]].flatMap((edit) => edit ?? []))).toEqual([]);
});

it('the history of a pair goes back from its key through the edits that made it, newest first', () => {
  const edit = (key: string | null, to: string | null, hour: number): EditRecord => ({
    key,
    to,
    action: `${key} to ${to}`,
    before: null,
    after: null,
    swapped: false,
    by: 'ann',
    at: `2026-11-29T0${hour}:00:00Z`,
  });
  const edits = [edit('b', 'c', 3), edit(null, 'a', 1), edit('x', 'y', 2), edit('a', 'b', 2), edit('c', 'd', 4)];
  expect(pairHistory(edits, 'c').map(({ action }) => action)).toEqual(['b to c', 'a to b', 'null to a']);
  expect(pairHistory(edits, 'y').length).toBe(1);
  expect(pairHistory(edits, 'z')).toEqual([]);
});
