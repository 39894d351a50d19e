import { closeSync, openSync, readFileSync, renameSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { at } from '../../../src/base/pure/must';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { SourceSums } from '../../../src/jsonl/node/sourceSums';
import { applyToLines, type Edit } from '../../../src/pairs/edits';
import { integer } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.jsonl');
const all = (document: LinesDocument): Promise<string[]> => document.lines(0, document.rowCount);
const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const replace = (row: number, line: string): Edit => ({ op: 'replace', row, line, previous: '' });

async function opened(content: string, ...edits: Edit[]): Promise<LinesDocument> {
  writeFileSync(file, content);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  for (const edit of edits) document.applyEdit(edit);
  return document;
}

/** Puts other bytes at the path, in the same file or in another one. */
function outside(content: string, how: 'in place' | 'as a new file'): void {
  const name = how === 'in place' ? file : `${file}.new`;
  writeFileSync(name, content);
  if (name !== file) renameSync(name, file);
}

/** The edits of one side, and the lines of the file after them. */
interface Side {
  readonly edits: Edit[];
  readonly lines: string[];
}

/** Random edits that replace or delete some of `rows`, and add rows before others. */
function sideOf(random: () => number, base: readonly string[], rows: readonly number[], tag: string): Side {
  const edits: Edit[] = [];
  let lines = [...base];
  // From the last row backwards, so that the earlier rows keep their numbers.
  for (const row of rows.toReversed()) {
    const kind = integer(random, 3);
    const edit: Edit =
      kind === 0
        ? { op: 'replace', row, line: `${tag} for ${row}`, previous: at(lines, row) }
        : kind === 1
          ? { op: 'delete', row, lines: [at(lines, row)] }
          : { op: 'insert', row, lines: [`${tag} before ${row}`, `${tag} also before ${row}`] };
    edits.push(edit);
    lines = applyToLines(lines, edit);
  }
  return { edits, lines };
}

describe('a merge with what another program wrote', () => {
  it.each(['in place', 'as a new file'] as const)('keeps the changes of both, written %s', async (how) => {
    const document = await opened('a\nb\nc\nd\n', replace(0, 'mine'));
    const deleted = document.applyEdit({ op: 'delete', row: 1, lines: ['b'] });
    outside('a\nb\nc\nnew\ntheirs\n', how);
    expect(await document.follow()).toBe('changed');
    expect(await document.merge('plan')).toEqual({ kind: 'apart', theirs: 2, mine: 2 });
    expect(await all(document)).toEqual(['mine', 'c', 'd']);
    expect(await document.merge('apply')).toEqual({ kind: 'apart', theirs: 2, mine: 2 });
    expect(await all(document)).toEqual(['mine', 'c', 'new', 'theirs']);
    expect([readFileSync(file, 'utf8'), document.isDirty]).toEqual(['a\nb\nc\nnew\ntheirs\n', true]);
    deleted.undo();
    expect(await all(document)).toEqual(['mine', 'b', 'c', 'new', 'theirs']);
    deleted.redo();
    await document.save();
    expect(readFileSync(file, 'utf8')).toBe('mine\nc\nnew\ntheirs\n');
    await document.close();
  });

  it('names the rows that both changed, and changes nothing', async () => {
    const document = await opened('a\nb\nc\nd\ne\n', replace(3, 'mine'), { op: 'delete', row: 1, lines: ['b'] });
    outside('a\nB\nc\nD\nE\n', 'in place');
    expect(await document.merge('apply')).toEqual({ kind: 'conflict', rows: [2], deleted: 1 });
    expect([await all(document), document.isDirty]).toEqual([['a', 'c', 'mine', 'e'], true]);
    expect(readFileSync(file, 'utf8')).toBe('a\nB\nc\nD\nE\n');
    await document.close();
  });

  it('names the row that was added where the other program rewrote', async () => {
    const document = await opened('a\nb\nc\n', { op: 'insert', row: 2, lines: ['mine'] }, replace(0, 'A'));
    outside('a\nx\ny\n', 'in place');
    expect(await document.merge('plan')).toEqual({ kind: 'conflict', rows: [2], deleted: 0 });
    await document.close();
  });

  it('does not count other line ends, a byte order mark or a missing last line end as a change of rows', async () => {
    const document = await opened('a\nb\nc\n', replace(1, 'mine'));
    outside('\ufeffa\r\nb\r\nc', 'in place');
    expect(await document.merge('apply')).toEqual({ kind: 'apart', theirs: 0, mine: 1 });
    await document.save();
    expect(readFileSync(file, 'utf8')).toBe('\ufeffa\r\nmine\r\nc');
    await document.close();
  });

  it('merges the elements of an array, and keeps how the other program wrote them', async () => {
    writeFileSync(path.join(folder, 'rows.json'), '[{"n":1},{"n":2},{"n":3}]');
    const document = await LinesDocument.open(path.join(folder, 'rows.json'));
    await document.whenIndexed();
    document.applyEdit(replace(0, '{"mine":1}'));
    writeFileSync(document.path, '[\n  {"n":1},\n  {"n":2},\n  {"theirs":3}\n]\n');
    expect(await document.merge('apply')).toEqual({ kind: 'apart', theirs: 1, mine: 1 });
    await document.save();
    expect(readFileSync(document.path, 'utf8')).toBe('[\n  {"mine":1},\n  {"n":2},\n  {"theirs":3}\n]\n');
    await document.close();
  });

  it('says why it cannot compare: the columns differ, or the text is not rows', async () => {
    writeFileSync(path.join(folder, 'rows.csv'), 'prompt,chosen,rejected\na,b,c\n');
    const document = await LinesDocument.open(path.join(folder, 'rows.csv'));
    await document.whenIndexed();
    document.applyEdit(replace(0, '{"prompt":"A","chosen":"b","rejected":"c"}'));
    writeFileSync(document.path, 'prompt,rejected,chosen\na,c,b\n');
    expect(await document.merge('apply')).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('columns'),
    });
    writeFileSync(document.path, '[{"prompt":');
    expect(await document.merge('apply')).toMatchObject({ kind: 'unknown' });
    await document.close();
  });

  it('has nothing to merge where lines were only added', async () => {
    const document = await opened('a\nb\n', replace(0, 'mine'));
    writeFileSync(file, 'a\nb\nc\n');
    expect(await document.merge('apply')).toEqual({ kind: 'none' });
    expect(await all(document)).toEqual(['mine', 'b', 'c']);
    await document.close();
  });

  it('takes in what comes after a merge, and refuses to undo what was saved before it', async () => {
    const document = await opened('a\nb\nc\n');
    const saved = document.applyEdit(replace(0, 'A'));
    await document.save();
    document.applyEdit(replace(1, 'mine'));
    outside('A\nb\ntheirs\n', 'as a new file');
    expect(await document.merge('apply')).toMatchObject({ kind: 'apart' });
    outside('A\nb\ntheirs\nmore\n', 'as a new file');
    await document.save();
    expect(await all(document)).toEqual(['A', 'mine', 'theirs', 'more']);
    expect(() => saved.undo()).toThrow('cannot be undone');
    await document.close();
  });

  it('merges a large file that was overwritten in place, from the checksums of its rows', async () => {
    const rows = Array.from({ length: 700_000 }, (_, i) => `{"row":${i},"text":"padding"}`);
    const taken = vi.spyOn(SourceSums.prototype, 'take');
    const document = await opened(joined(rows), replace(10, 'mine'));
    expect(statSync(file).size).toBeGreaterThan(1 << 24);
    // The checksums are taken at the first edit.
    await taken.mock.results[0]?.value;
    taken.mockRestore();
    const theirs = [...rows];
    theirs[500_000] = 'theirs';
    theirs.splice(20, 5);
    outside(joined(theirs), 'in place');
    expect(await document.merge('apply')).toEqual({ kind: 'apart', theirs: 6, mine: 1 });
    await document.save();
    theirs[10] = 'mine';
    expect(readFileSync(file, 'utf8') === joined(theirs)).toBe(true);
    await document.close();
  });

  it('says that too little is known of a large file that was overwritten before its rows were read', async () => {
    const document = await opened('0123456789abcde\n'.repeat(1_100_000));
    const handle = openSync(file, 'r+');
    writeSync(handle, 'x', 16_384 * 3);
    closeSync(handle);
    document.applyEdit(replace(0, 'mine'));
    expect(await document.merge('apply')).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('was changed'),
    });
    await document.close();
  });

  it.each([...Array(60).keys()])('keeps both where they touch different rows (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const base = Array.from({ length: 2 + integer(random, 20) }, (_, i) => `row ${i}`);
    const owner = base.map(() => integer(random, 3));
    const rowsOf = (side: number): number[] => [...owner.keys()].filter((row) => owner[row] === side);
    const mine = sideOf(random, base, rowsOf(1), 'mine');
    const theirs = sideOf(random, base, rowsOf(2), 'theirs');
    const document = await opened(joined(base));
    const steps = mine.edits.map((edit) => document.applyEdit(edit));
    outside(joined(theirs.lines), random() < 0.5 ? 'in place' : 'as a new file');
    const plan = await document.merge('apply');
    const same = joined(theirs.lines) === joined(base);
    const grown = joined(theirs.lines).startsWith(joined(base));
    expect(plan.kind, `seed ${seed}`).toBe(same || grown ? 'none' : 'apart');
    const wanted = base.flatMap((_, row) => {
      const by = owner[row] === 1 ? mine : theirs;
      const text = (line: string): boolean => line === `row ${row}` || line.endsWith(` ${row}`);
      return by.lines.filter(text);
    });
    expect(await all(document), `seed ${seed}`).toEqual(wanted);
    for (const step of steps.toReversed()) step.undo();
    expect(await all(document), `seed ${seed}: undone`).toEqual(theirs.lines);
    for (const step of steps) step.redo();
    await document.save();
    expect(readFileSync(file, 'utf8'), `seed ${seed}: saved`).toBe(joined(wanted));
    await document.close();
  });

  it.each([...Array(60).keys()])('loses no row of either side, whatever they did (seed %i)', async (seed) => {
    const random = seededRandom(1000 + seed);
    const base = Array.from({ length: 1 + integer(random, 12) }, (_, i) => `row ${i}`);
    const document = await opened(joined(base));
    const many = (tag: string, apply: (edit: Edit) => void): string[] => {
      let lines = base;
      for (let i = integer(random, 4); i >= 0; i--) {
        const edit = randomEdit(random, lines, `${tag} ${i} `);
        apply(edit);
        lines = applyToLines(lines, edit);
      }
      return lines;
    };
    const mine = many('mine', (edit) => document.applyEdit(edit));
    const theirs = many('theirs', () => undefined);
    outside(joined(theirs), random() < 0.5 ? 'in place' : 'as a new file');
    const plan = await document.merge('apply');
    const rows = await all(document);
    if (plan.kind === 'conflict') expect(rows, `seed ${seed}`).toEqual(mine);
    else {
      const kept = base.filter((line) => mine.includes(line) && theirs.includes(line));
      const own = [...mine, ...theirs].filter((line) => !base.includes(line));
      expect(rows.toSorted(), `seed ${seed}, ${plan.kind}`).toEqual([...kept, ...own].toSorted());
    }
    expect(readFileSync(file, 'utf8'), `seed ${seed}`).toBe(joined(theirs));
    await document.close();
  });
});
