import { expect, it } from 'vitest';
import { deletions, groupsAfter } from '../../../../src/pairs/duplicates/groupRows';
import { PieceTable } from '../../../../src/pairs/pieceTable';

const rows = (...numbers: readonly number[]) => numbers.map((row) => ({ row, redundant: row > 3 }));

it('deleting rows of a group leaves the others where the remaining groups say', () => {
  const lines = [...'abcdefgh'];
  const edits = deletions([1, 4, 6].map((row) => ({ row, line: lines[row] ?? '' })));
  const table = new PieceTable(lines.length);
  for (const edit of edits) table.apply(edit);
  const left = [...table.runs()].flatMap((run) =>
    run.kind === 'base' ? lines.slice(run.start, run.start + run.count) : [run.line],
  );
  expect(left.join('')).toBe('acdfh');
  const groups = [{ rows: rows(1, 4, 6) }, { rows: rows(2, 7) }, { rows: rows(0, 3, 5) }];
  const after = groupsAfter(groups, edits).map((group) => group.rows.map(({ row }) => left[row]).join(''));
  expect(after).toEqual(['ch', 'adf']);
});
