import {
  appendFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { DocumentChange } from '../../../src/jsonl/documentChange';
import { readBackup } from '../../../src/jsonl/node/backup';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { applyToLines } from '../../../src/pairs/edits';
import { integer } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';
import { caseSeeds } from '../cases';
import { leftovers, temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.jsonl');
const all = (document: LinesDocument): Promise<string[]> => document.lines(0, document.rowCount);
/** Larger than what is kept in memory. */
const largeLines = 1_100_000;

async function openedAs(content: string): Promise<LinesDocument> {
  writeFileSync(file, content);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  return document;
}

async function edited(content = 'a\nb\n'): Promise<LinesDocument> {
  const document = await openedAs(content);
  document.applyEdit({ op: 'replace', row: 0, line: 'mine', previous: 'a' });
  return document;
}

describe('a document with unsaved edits', () => {
  it('is saved if another program changed only the time of the file', async () => {
    const document = await edited();
    utimesSync(file, 1, 1);
    await document.save();
    expect([readFileSync(file, 'utf8'), document.isDirty]).toEqual(['mine\nb\n', false]);
    await document.close();
  });

  it('is saved if another program replaced the file by one with the same bytes', async () => {
    const document = await edited();
    writeFileSync(`${file}.new`, 'a\nb\n');
    renameSync(`${file}.new`, file);
    await document.save();
    expect(readFileSync(file, 'utf8')).toBe('mine\nb\n');
    await document.close();
  });

  it.each([
    ['to the file', (added: string) => appendFileSync(file, added)],
    [
      'in another file that took its place',
      (added: string) => {
        writeFileSync(`${file}.new`, readFileSync(file, 'utf8') + added);
        renameSync(`${file}.new`, file);
      },
    ],
  ])('adds rows that another program appended %s, and saves them', async (_, append) => {
    const document = await edited();
    append('c\n');
    expect(await document.follow()).toBe('same');
    expect([await all(document), document.isDirty]).toEqual([['mine', 'b', 'c'], true]);
    append('d');
    await document.save();
    expect([readFileSync(file, 'utf8'), await all(document)]).toEqual(['mine\nb\nc\nd', ['mine', 'b', 'c', 'd']]);
    await document.close();
  });

  it('adds the rest of a last line that another program was still writing', async () => {
    const document = await edited('a\nb');
    const changes: DocumentChange[] = [];
    document.onDidChange((change) => changes.push(change));
    appendFileSync(file, 'cd\ne\n');
    await document.save();
    expect(changes[0]).toEqual({ kind: 'edited', edit: { op: 'replace', row: 1, line: 'bcd', previous: 'b' } });
    expect([readFileSync(file, 'utf8'), await all(document)]).toEqual(['mine\nbcd\ne\n', ['mine', 'bcd', 'e']]);
    await document.close();
  });

  it('asks if an edit replaced a last line that another program continues', async () => {
    const document = await openedAs('a\nb');
    document.applyEdit({ op: 'delete', row: 1, lines: ['b'] });
    appendFileSync(file, 'cd\n');
    await expect(document.save()).rejects.toMatchObject({ code: 'changed-on-disk', details: { state: 'changed' } });
    expect(readFileSync(file, 'utf8')).toBe('a\nbcd\n');
    await document.save({ overwrite: true });
    expect(readFileSync(file, 'utf8')).toBe('a');
    await document.close();
  });

  it.each(['the file', 'its folder'])('creates %s again if it was deleted', async (what) => {
    const inner = path.join(folder, 'inner');
    const moved = path.join(inner, 'rows.jsonl');
    mkdirSync(inner, { recursive: true });
    writeFileSync(moved, 'a\nb\n');
    const document = await LinesDocument.open(moved);
    await document.whenIndexed();
    document.applyEdit({ op: 'replace', row: 0, line: 'mine', previous: 'a' });
    rmSync(what === 'the file' ? moved : inner, { recursive: true });
    expect(await document.follow()).toBe('gone');
    await document.saveAs(file);
    await document.save();
    expect([readFileSync(file, 'utf8'), readFileSync(moved, 'utf8')]).toEqual(['mine\nb\n', 'mine\nb\n']);
    await document.close();
  });

  it('carries over what a program appends to the file it holds open while the save is running', async () => {
    writeFileSync(file, 'a\n'.repeat(largeLines * 8));
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    document.applyEdit({ op: 'replace', row: 0, line: 'mine', previous: 'a' });
    const theirs = openSync(file, 'a');
    const saving = document.save();
    // Another program writes when the new file is beside the old one.
    while (leftovers(folder).length === 0) await new Promise((resolve) => setImmediate(resolve));
    writeSync(theirs, 'b\n');
    await saving;
    closeSync(theirs);
    expect(await document.lines(largeLines * 8 - 1, 9)).toEqual(['a', 'b']);
    expect(readFileSync(file, 'utf8').slice(-4)).toBe('a\nb\n');
    await document.close();
  });

  it('saves a copy without the lines that were overwritten in a file too large for memory, and names them', async () => {
    const document = await edited(`a\n${'0123456789abcde\n'.repeat(largeLines)}z\n`);
    const handle = openSync(file, 'r+');
    writeSync(handle, 'x', 16_384 * 3);
    closeSync(handle);
    await expect(document.save()).rejects.toMatchObject({ code: 'changed-on-disk' });
    await expect(document.save({ overwrite: true })).rejects.toMatchObject({ code: 'lines-lost' });
    const other = path.join(folder, 'other.jsonl');
    const lost = await document.saveAs(other);
    // A block of 16 KB is 1,024 lines and a part of one.
    expect([lost[0], lost.length]).toEqual([3072, 1025]);
    const rest = '0123456789abcde\n'.repeat(largeLines - 1025);
    expect(readFileSync(other, 'utf8') === `mine\n${rest}z\n`).toBe(true);
    await document.close();
  });

  it.each(caseSeeds(15))('keeps all its edits and all that is appended (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    let lines = ['a', 'b', 'c'];
    const document = await openedAs('a\nb\nc\n');
    for (let step = 0; step < 25; step++) {
      const kind = random();
      if (kind < 0.25) {
        const added = Array.from({ length: 1 + integer(random, 3) }, (_, i) => `t${step}.${i}`);
        appendFileSync(file, added.map((line) => `${line}\n`).join(''));
        if (random() < 0.5) await document.follow();
        else await document.save();
        lines = [...lines, ...added];
      } else if (kind < 0.35) await document.save();
      else {
        const edit = randomEdit(random, lines, `s${step}`);
        document.applyEdit(edit);
        lines = applyToLines(lines, edit);
      }
      expect(await all(document), `seed ${seed} step ${step}`).toEqual(lines);
    }
    await document.save();
    expect(readFileSync(file, 'utf8'), `seed ${seed}`).toBe(lines.map((line) => `${line}\n`).join(''));
    await document.close();
  });

  it('gets its edits back from a backup even if the file was touched or has grown since', async () => {
    const document = await edited();
    const backup = path.join(folder, 'exit.json');
    await document.backup(backup);
    await document.close();
    utimesSync(file, 1, 1);
    appendFileSync(file, 'c\n');
    const second = await LinesDocument.open(file);
    expect(await second.restore(await readBackup(backup))).toEqual({ kind: 'restored', edits: 1 });
    expect(await all(second)).toEqual(['mine', 'b', 'c']);
    await second.close();
  });
});

describe('a document without edits', () => {
  it('reads no more of a growing file than what was appended, and a bounded part of the rest', async () => {
    const document = await openedAs('0123456789abcde\n'.repeat(largeLines));
    const bytes: number[] = [];
    const size = statSync(file).size;
    for (let round = 0; round < 5; round++) {
      appendFileSync(file, `round ${round}\n`);
      const before = bytesRead();
      await document.follow();
      bytes.push(bytesRead() - before);
    }
    expect(document.rowCount).toBe(largeLines + 5);
    // 64 blocks of 16 KB, of a file of 17 MB.
    expect(Math.max(...bytes)).toBeLessThan(size / 8);
    await document.close();
  });

  /** Bytes that this process has read so far; 0 if the system does not report them. */
  function bytesRead(): number {
    return process.platform === 'linux'
      ? Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
      : 0;
  }
});
