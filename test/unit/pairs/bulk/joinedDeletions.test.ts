import { expect, it } from 'vitest';
import { joinedDeletions } from '../../../../src/pairs/bulk/joinedDeletions';
import { applyToLines } from '../../../../src/pairs/edits';

it('rows are deleted from the last one up, neighbours by one edit', () => {
  const lines = ['a', 'b', 'c', 'd', 'e', 'f'];
  const edits = joinedDeletions([1, 2, 5].map((row) => ({ row, line: lines[row] ?? '' })));
  expect(edits).toEqual([
    { op: 'delete', row: 5, lines: ['f'] },
    { op: 'delete', row: 1, lines: ['b', 'c'] },
  ]);
  expect(edits.reduce(applyToLines, lines)).toEqual(['a', 'd', 'e']);
});
