import { describe, expect, it } from 'vitest';
import { crc32 } from 'node:zlib';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { at } from '../../../src/base/pure/must';
import type { ComparedRows } from '../../../src/jsonl/comparedRows';
import { rebaseEdit } from '../../../src/jsonl/rebaseEdit';
import { diffRows, type RowHunk } from '../../../src/jsonl/rowDiff';
import { applyToLines, type Edit } from '../../../src/pairs/edits';
import { integer, pick } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';

function compared(lines: readonly string[]): ComparedRows {
  return { count: lines.length, sum: (row) => crc32(at(lines, row)), length: (row) => at(lines, row).length };
}

function diff(before: readonly string[], after: readonly string[]): RowHunk[] {
  const work = diffRows(compared(before), compared(after));
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The lines after hunks whose new rows come from `after`. */
function patched(
  before: readonly string[],
  hunks: readonly RowHunk[],
  added: readonly (readonly string[])[],
): string[] {
  const lines: string[] = [];
  let row = 0;
  for (const [i, { start, count }] of hunks.entries()) {
    lines.push(...before.slice(row, start), ...at(added, i));
    row = start + count;
  }
  return [...lines, ...before.slice(row)];
}

/** The new rows of each hunk. */
function addedRows(hunks: readonly RowHunk[], after: readonly string[]): string[][] {
  let shift = 0;
  return hunks.map(({ start, count, added }) => {
    const first = start + shift;
    shift += added - count;
    return after.slice(first, first + added);
  });
}

function edited(random: () => number, lines: readonly string[], tag: string): { edits: Edit[]; lines: string[] } {
  const edits: Edit[] = [];
  let now = [...lines];
  for (let i = integer(random, 6); i >= 0; i--) {
    const edit = randomEdit(random, now, `${tag}${i}`);
    edits.push(edit);
    now = applyToLines(now, edit);
  }
  return { edits, lines: now };
}

describe('the comparison of rows', () => {
  it('finds what was changed, added, removed and moved', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(diff(before, ['x', 'b', 'new', 'c', 'e', 'g', 'f'])).toEqual([
      { start: 0, count: 1, added: 1 },
      { start: 2, count: 0, added: 1 },
      { start: 3, count: 1, added: 0 },
      { start: 5, count: 1, added: 0 },
      { start: 7, count: 0, added: 1 },
    ]);
    expect(diff(before, before)).toEqual([]);
    expect(diff([], before)).toEqual([{ start: 0, count: 0, added: 7 }]);
  });

  it.each([...Array(100).keys()])('turns the old rows into the new ones, also if rows repeat (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const rows = (): string[] =>
      Array.from({ length: integer(random, 30) }, () => pick(random, ['', 'a', 'b', 'c', 'd']));
    const before = rows();
    const after = random() < 0.5 ? rows() : edited(random, before, 'x').lines;
    const hunks = diff(before, after);
    expect(patched(before, hunks, addedRows(hunks, after)), `seed ${seed}`).toEqual(after);
    for (const [i, { start }] of hunks.entries()) {
      if (i > 0) expect(start).toBeGreaterThan(at(hunks, i - 1).start + at(hunks, i - 1).count);
    }
  });
});

describe('an edit over what another program changed', () => {
  const hunks = [{ start: 3, count: 2, added: 1 }];

  it.each([
    ['another row', { op: 'replace', row: 5, line: 'x', previous: '' }, 4],
    ['the row before', { op: 'replace', row: 2, line: 'x', previous: '' }, 2],
    ['a place right before', { op: 'insert', row: 3, lines: ['x'] }, 3],
    ['a place right after', { op: 'insert', row: 5, lines: ['x'] }, 4],
  ] as const)('goes to its row where it touches %s', (_, edit, row) => {
    expect(rebaseEdit(edit, hunks)?.edit).toEqual({ ...edit, row });
  });

  it.each([
    ['replaces a changed row', { op: 'replace', row: 4, line: 'x', previous: '' }],
    ['adds a row in the middle', { op: 'insert', row: 4, lines: ['x'] }],
    ['removes a changed row', { op: 'delete', row: 1, lines: ['1', '2', '3'] }],
    ['moves a changed row', { op: 'move', from: 2, count: 2, to: 0 }],
    ['moves a row into the middle', { op: 'move', from: 0, count: 1, to: 4 }],
  ] as const)('is a conflict where it %s', (_, edit) => {
    expect(rebaseEdit(edit, hunks)).toBeNull();
  });

  it.each([...Array(200).keys()])('gives the same rows in either order (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const base = Array.from({ length: 4 + integer(random, 16) }, (_, i) => `base ${i}`);
    const theirs = edited(random, base, 'their ');
    let hunks: readonly RowHunk[] = diff(base, theirs.lines);
    const added = addedRows(hunks, theirs.lines);
    let [mine, both] = [base, theirs.lines];
    for (let i = 0; i < 12; i++) {
      const edit = randomEdit(random, mine, `my ${i}.`);
      const rebased = rebaseEdit(edit, hunks);
      if (!rebased) continue;
      mine = applyToLines(mine, edit);
      both = applyToLines(both, rebased.edit);
      ({ hunks } = rebased);
      expect(patched(mine, hunks, added), `seed ${seed}, edit ${i}`).toEqual(both);
    }
  });
});
