import { expect, it } from 'vitest';
import { applyToLines, type Edit, splicesOf } from '../../../src/pairs/edits';

const lines = ['a', 'b', 'c', 'd'];

it.each<Edit>([
  { op: 'replace', row: 1, line: 'x', previous: 'b' },
  { op: 'insert', row: 2, lines: ['x', 'y'] },
  { op: 'delete', row: 1, lines: ['b', 'c'] },
  { op: 'move', from: 0, count: 2, to: 4 },
  { op: 'move', from: 2, count: 1, to: 0 },
])('splices values along with the rows of %j', (edit) => {
  const values: (string | null)[] = edit.op === 'replace' ? lines.with(edit.row, edit.line) : [...lines];
  for (const { row, removed, added } of splicesOf(edit))
    values.splice(row, removed, ...Array.from({ length: added }, () => null));
  const fresh =
    edit.op === 'insert' ? edit.lines : edit.op === 'move' ? lines.slice(edit.from, edit.from + edit.count) : [];
  const expected = applyToLines(lines, edit).map((line) => (fresh.includes(line) ? null : line));
  expect(values).toEqual(expected);
});
