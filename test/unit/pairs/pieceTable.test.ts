import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { applyToLines, inverse, rowAfter } from '../../../src/pairs/edits';
import { PieceTable } from '../../../src/pairs/pieceTable';
import { integer } from './random';
import { randomEdit } from './randomEdit';

const base = (length: number): string[] => Array.from({ length }, (_, i) => `base ${i}`);

function linesOf(rows: PieceTable, lines: readonly string[]): string[] {
  return [...rows.runs()].flatMap((run) =>
    run.kind === 'text' ? [run.line] : lines.slice(run.start, run.start + run.count),
  );
}

describe('edits', () => {
  it.each([...Array(200).keys()])(
    'undo themselves, twice inverted are the same, and carry rows along (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const lines = base(integer(random, 12));
      const edit = randomEdit(random, lines, 'x');
      const after = applyToLines(lines, edit);
      expect(inverse(inverse(edit))).toEqual(edit);
      expect(applyToLines(after, inverse(edit))).toEqual(lines);
      lines.forEach((line, row) => {
        const to = rowAfter(row, edit);
        if (to === null) expect(after).not.toContain(line);
        else if (edit.op !== 'replace' || edit.row !== row) expect(after[to]).toBe(line);
      });
    },
  );
});

describe('PieceTable', () => {
  it.each([...Array(120).keys()])(
    'equals a plain list through a random walk of edits, undo and redo (seed %i)',
    (seed) => {
      const random = seededRandom(1000 + seed);
      const start = base(integer(random, 30));
      const rows = new PieceTable(start.length);
      const history = [start];
      for (let step = 0; step < 60; step++) {
        const lines = history.at(-1) ?? [];
        if (random() < 0.3 && history.length > 1) {
          history.pop();
          rows.revert();
        } else {
          const edit = randomEdit(random, lines, `s${step}`);
          rows.apply(edit);
          history.push(applyToLines(lines, edit));
        }
        const expected = history.at(-1) ?? [];
        expect(rows.length, `seed ${seed} step ${step}`).toBe(expected.length);
        expect(linesOf(rows, start), `seed ${seed} step ${step}`).toEqual(expected);
        const row = integer(random, expected.length);
        if (expected.length > 0) {
          const source = rows.at(row);
          expect(source.kind === 'text' ? source.line : start[source.base]).toBe(expected[row]);
        }
      }
      while (history.length > 1) {
        history.pop();
        rows.revert();
      }
      expect([...rows.runs()]).toEqual(start.length > 0 ? [{ kind: 'base', start: 0, count: start.length }] : []);
    },
  );

  it('adds lines of the file that are read after edits', () => {
    const rows = new PieceTable(2);
    rows.apply({ op: 'delete', row: 0, lines: ['base 0'] });
    rows.apply({ op: 'replace', row: 0, line: 'new', previous: 'base 1' });
    rows.extend(4);
    expect(linesOf(rows, base(4))).toEqual(['new', 'base 2', 'base 3']);
    rows.revert();
    rows.revert();
    expect(linesOf(rows, base(4))).toEqual(base(4));
  });

  it('refuses edits outside its rows, and does not change', () => {
    const rows = new PieceTable(3);
    expect(() => rows.apply({ op: 'replace', row: 3, line: '', previous: '' })).toThrow(
      'There is no row 4; the file has 3.',
    );
    expect(() => rows.apply({ op: 'delete', row: 2, lines: ['a', 'b'] })).toThrow('There is no row 4');
    expect(() => rows.apply({ op: 'move', from: 0, count: 2, to: 1 })).toThrow();
    expect(() => rows.at(-1)).toThrow();
    expect([...rows.runs()]).toEqual([{ kind: 'base', start: 0, count: 3 }]);
  });

  it('holds a file of a million rows as a few runs', () => {
    const random = seededRandom(7);
    const rows = new PieceTable(1_000_000);
    const edits = 2000;
    for (let i = 0; i < edits; i++) {
      const row = integer(random, rows.length - 10);
      if (i % 3 === 0) rows.apply({ op: 'insert', row, lines: ['new'] });
      else if (i % 3 === 1) rows.apply({ op: 'delete', row, lines: ['a', 'b'] });
      else rows.apply({ op: 'move', from: row, count: 5, to: 0 });
      rows.at(integer(random, rows.length));
    }
    // An insertion cuts a run in two and adds one; a move cuts two runs more.
    expect([...rows.runs()].length).toBeLessThanOrEqual(1 + 3 * edits);
  });
});
