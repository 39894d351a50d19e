import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { AppliedEdit, DocumentChange } from '../../../src/jsonl/documentChange';
import { readBackup } from '../../../src/jsonl/node/backup';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { applyToLines, inverse } from '../../../src/pairs/edits';
import { integer, pick } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';
import { caseSeeds } from '../cases';
import { leftovers, temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.jsonl');
const all = (document: LinesDocument): Promise<string[]> => document.lines(0, document.rowCount);

async function openedAs(content: string | Buffer): Promise<LinesDocument> {
  writeFileSync(file, content);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  return document;
}

describe('LinesDocument', () => {
  it.each(caseSeeds(20))(
    'equals a plain list through edits, undo, redo, saves and reopening (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const start = Array.from({ length: integer(random, 12) }, (_, i) => `${i}é`);
      let document = await openedAs(start.map((line) => `${line}\n`).join(''));
      let lines = start;
      let done: { applied: AppliedEdit; before: string[] }[] = [];
      let undone: { applied: AppliedEdit; after: string[] }[] = [];
      for (let step = 0; step < 40; step++) {
        const kind = random();
        if (kind < 0.2 && done.length > 0) {
          const last = done.pop();
          last?.applied.undo();
          if (last) undone.push({ applied: last.applied, after: lines });
          lines = last?.before ?? lines;
        } else if (kind < 0.35 && undone.length > 0) {
          const next = undone.pop();
          next?.applied.redo();
          if (next) done.push({ applied: next.applied, before: lines });
          lines = next?.after ?? lines;
        } else if (kind < 0.45) {
          await document.save();
          expect(readFileSync(file, 'utf8'), `seed ${seed} step ${step}`).toBe(
            lines.map((line) => `${line}\n`).join(''),
          );
          expect(document.isDirty).toBe(false);
        } else if (kind < 0.48) {
          await document.save();
          await document.close();
          document = await LinesDocument.open(file);
          await document.whenIndexed();
          [done, undone] = [[], []];
        } else {
          const edit = randomEdit(random, lines, `s${step}`);
          done.push({ applied: document.applyEdit(edit), before: lines });
          undone = [];
          lines = applyToLines(lines, edit);
        }
        expect(await all(document), `seed ${seed} step ${step}`).toEqual(lines);
      }
      await document.close();
      expect(leftovers(folder)).toEqual([]);
    },
  );

  it('has its original bytes again when everything is undone, and reports each change with its edit', async () => {
    const document = await openedAs('a\nb\n');
    const changes: DocumentChange[] = [];
    document.onDidChange((change) => changes.push(change));
    const edit = { op: 'replace', row: 1, line: 'c', previous: 'b' } as const;
    const applied = document.applyEdit(edit);
    expect([document.isDirty, document.isEdited(0), document.isEdited(1)]).toEqual([true, false, true]);
    applied.undo();
    expect([document.isDirty, document.isEdited(1)]).toEqual([false, false]);
    expect(changes).toEqual([
      { kind: 'edited', edit },
      { kind: 'edited', edit: inverse(edit) },
    ]);
    await document.close();
  });

  it('undoes across a save', async () => {
    const document = await openedAs('a\n');
    const applied = document.applyEdit({ op: 'replace', row: 0, line: 'b', previous: 'a' });
    await document.save();
    applied.undo();
    expect([document.isDirty, await all(document)]).toEqual([true, ['a']]);
    applied.redo();
    expect([document.isDirty, await all(document)]).toEqual([false, ['b']]);
    await document.close();
  });

  it('keeps edits and undos that arrive while it saves', async () => {
    const document = await openedAs('a\nb\n');
    const first = document.applyEdit({ op: 'replace', row: 0, line: 'A', previous: 'a' });
    const saving = document.save();
    await new Promise((resolve) => setTimeout(resolve, 0));
    document.applyEdit({ op: 'replace', row: 1, line: 'B', previous: 'b' }).undo();
    first.undo();
    const later = document.applyEdit({ op: 'insert', row: 0, lines: ['new'] });
    await saving;
    expect(await all(document)).toEqual(['new', 'a', 'b']);
    later.undo();
    expect(await all(document)).toEqual(['a', 'b']);
    await document.save();
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
    await document.close();
  });

  it('can be edited while its lines are still being found, and saves all of them', async () => {
    writeFileSync(file, 'x\n'.repeat(500_000));
    const document = await LinesDocument.open(file);
    await new Promise<void>((resolve) => document.onDidChange(() => resolve()));
    expect(document.isIndexing).toBe(true);
    document.applyEdit({ op: 'delete', row: 1, lines: ['x'] });
    document.applyEdit({ op: 'replace', row: 0, line: 'first', previous: 'x' });
    await document.save();
    expect(readFileSync(file, 'utf8')).toBe(`first\n${'x\n'.repeat(499_998)}`);
    await document.close();
  });

  it('never overwrites what another program wrote, unless told to', async () => {
    const document = await openedAs('a\n');
    document.applyEdit({ op: 'replace', row: 0, line: 'mine', previous: 'a' });
    writeFileSync(`${file}.new`, 'theirs\n');
    renameSync(`${file}.new`, file);
    expect(await document.follow()).toBe('changed');
    await expect(document.save()).rejects.toMatchObject({ code: 'changed-on-disk' });
    expect([readFileSync(file, 'utf8'), document.isDirty]).toEqual(['theirs\n', true]);
    await document.save({ overwrite: true });
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
    expect(await document.follow()).toBe('same');
    await document.close();
  });

  it('asks before it overwrites a file that was written to in place, and then writes what a person sees', async () => {
    const document = await openedAs('a\nb\n');
    document.applyEdit({ op: 'replace', row: 0, line: 'mine', previous: 'a' });
    writeFileSync(file, 'theirs, longer\n');
    await expect(document.save()).rejects.toMatchObject({ code: 'changed-on-disk' });
    expect(await all(document)).toEqual(['mine', 'b']);
    const other = path.join(folder, 'other.jsonl');
    expect(await document.saveAs(other)).toEqual([]);
    expect([readFileSync(other, 'utf8'), readFileSync(file, 'utf8')]).toEqual(['mine\nb\n', 'theirs, longer\n']);
    await document.save({ overwrite: true });
    expect([readFileSync(file, 'utf8'), document.isDirty]).toEqual(['mine\nb\n', false]);
    await document.close();
  });

  it('reverts to what is on disk, and then says that older edits cannot be undone', async () => {
    const document = await openedAs('a\n');
    const applied = document.applyEdit({ op: 'replace', row: 0, line: 'b', previous: 'a' });
    writeFileSync(file, 'on disk\n');
    await document.revert();
    expect(() => applied.undo()).toThrow('The file was read again, so this older edit cannot be undone or redone.');
    expect([document.isDirty, await all(document)]).toEqual([false, ['on disk']]);
    await document.close();
  });

  it('saves a copy under another name, and keeps its own file', async () => {
    const document = await openedAs('a\n');
    document.applyEdit({ op: 'insert', row: 1, lines: ['b'] });
    const target = path.join(folder, 'copy.jsonl');
    await document.saveAs(target);
    expect([readFileSync(target, 'utf8'), readFileSync(file, 'utf8'), document.isDirty]).toEqual([
      'a\nb\n',
      'a\n',
      true,
    ]);
    await document.saveAs(file);
    expect([readFileSync(file, 'utf8'), document.isDirty]).toEqual(['a\nb\n', false]);
    await document.close();
  });

  it.each(caseSeeds(10))('restores a backup of any edits, also of bytes that are not UTF-8 (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const document = await openedAs(Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0xc3, 0x0a, 0x62, 0x0a]));
    let lines = await all(document);
    for (let step = 0; step < 6; step++) {
      const edit =
        random() < 0.3 && lines.length > 0
          ? ({ op: 'insert', row: 0, lines: [pick(random, lines)] } as const)
          : randomEdit(random, lines, `s${step}`);
      document.applyEdit(edit);
      lines = applyToLines(lines, edit);
    }
    const backup = path.join(folder, 'hot', 'exit.json');
    await document.backup(backup);
    await document.close();
    const second = await LinesDocument.open(file);
    expect(await second.restore(await readBackup(backup))).toEqual({ kind: 'restored', edits: 6 });
    expect([second.isDirty, await all(second)], `seed ${seed}`).toEqual([true, lines]);
    await second.close();
  });

  it('restores a backup only on the file that it was made for', async () => {
    const document = await openedAs('a\n');
    const edit = { op: 'replace', row: 0, line: 'b', previous: 'a' } as const;
    document.applyEdit(edit);
    const backup = path.join(folder, 'exit.json');
    await document.backup(backup);
    await document.close();
    const second = await openedAs('changed\n');
    expect(await second.restore(await readBackup(backup))).toMatchObject({ kind: 'base-changed', edits: [edit] });
    expect([second.isDirty, await all(second)]).toEqual([false, ['changed']]);
    await second.close();
    writeFileSync(backup, '{"version": 2}');
    await expect(readBackup(backup)).rejects.toMatchObject({ code: 'bad-backup' });
  });

  it('can be closed while it is read, without an unhandled error', async () => {
    writeFileSync(file, 'x\n'.repeat(500_000));
    const document = await LinesDocument.open(file);
    await document.close();
    await expect(document.whenIndexed()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
