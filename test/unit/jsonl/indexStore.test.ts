import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { IndexStore } from '../../../src/jsonl/node/indexStore';
import { LineFile } from '../../../src/jsonl/node/lineFile';
import { ElementIndex } from '../../../src/jsonl/elementIndex';
import { LineIndex } from '../../../src/jsonl/lineIndex';
import type { RowIndex } from '../../../src/jsonl/rowIndex';
import { packIndex, unpackIndex } from '../../../src/jsonl/storedIndex';
import { integer, pick } from '../pairs/random';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.jsonl');
const stored = path.join(folder, 'indexes');
const warned: string[] = [];
const limits = { minFileBytes: 10, maxBytes: 1 << 20 };
const store = (): IndexStore => new IndexStore(stored, (message) => warned.push(message), limits);
const all = (document: LinesDocument): Promise<string[]> => document.lines(0, document.rowCount);

afterEach(() => {
  rmSync(stored, { recursive: true, force: true });
  warned.length = 0;
});

/** Opens a file as the editor does. */
async function opened(known = true): Promise<{ document: LinesDocument; used: boolean }> {
  const indexes = store();
  const index = known ? await indexes.load(file) : undefined;
  const document = await LinesDocument.open(file, { ...(index && { known: index }) });
  await document.whenIndexed();
  await indexes.keep(document.file);
  return { document, used: index !== undefined && document.file.index === index.index };
}

async function openedTwice(content: string, between: () => void): Promise<{ rows: string[]; used: boolean }> {
  writeFileSync(file, content);
  await (await opened()).document.close();
  between();
  const { document, used } = await opened();
  const rows = await all(document);
  await document.close();
  return { rows, used };
}

describe('a stored index', () => {
  it('is used where the file is as it was', async () => {
    const { rows, used } = await openedTwice('first\r\nsecond\n\nlast', () => undefined);
    expect([rows, used, warned]).toEqual([['first', 'second', '', 'last'], true, []]);
  });

  it('is extended where the file has only grown, also in its last line, and is stored again', async () => {
    const { rows, used } = await openedTwice('first\r\nsecond', () => appendFileSync(file, ' half\nthird\n'));
    expect([rows, used]).toEqual([['first', 'second half', 'third'], true]);
    const { document, used: again } = await opened();
    expect([await all(document), again]).toEqual([['first', 'second half', 'third'], true]);
    await document.close();
  });

  it.each([
    ['has other bytes of the same length', () => writeFileSync(file, 'FIRST row\nsecond row\n')],
    ['is shorter', () => writeFileSync(file, 'first row\n')],
    ['has grown, but begins in another way', () => writeFileSync(file, 'FIRST row\nsecond row\nthird row\n')],
    ['has grown into an array', () => writeFileSync(file, '["first row",\n"second row", "third row"]\n')],
    [
      'is another file with these bytes',
      () => {
        writeFileSync(`${file}.new`, readFileSync(file));
        renameSync(`${file}.new`, file);
      },
    ],
    ['was touched', () => utimesSync(file, 1, 1)],
  ])('is not used where the file %s', async (_, change) => {
    const { rows, used } = await openedTwice('first row\nsecond row\n', change);
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    expect([rows, used, warned]).toEqual([await all(document), false, []]);
    await document.close();
  });

  it('is not used, but named and removed, if one of its bytes has changed', async () => {
    writeFileSync(file, 'first row\nsecond row\n');
    await (await opened()).document.close();
    const [name] = readdirSync(stored);
    const kept = path.join(stored, String(name));
    const bytes = readFileSync(kept);
    for (let at = 0; at < bytes.length; at += 7) {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      writeFileSync(kept, wrong);
      expect(await store().load(file), `byte ${at}`).toBeUndefined();
      expect([readdirSync(stored), warned.splice(0)]).toEqual([[], [expect.stringContaining('checksum is wrong')]]);
    }
    for (const length of [0, 3, 40, bytes.length - 1]) {
      writeFileSync(kept, bytes.subarray(0, length));
      expect(await store().load(file), `${length} bytes`).toBeUndefined();
    }
  });

  it('gives the lines of the file after edits and a save, and can be saved again', async () => {
    writeFileSync(file, 'first row\nsecond row\n');
    await (await opened()).document.close();
    const { document } = await opened();
    document.applyEdit({ op: 'replace', row: 1, line: 'mine', previous: 'second row' });
    await document.save();
    await store().keep(document.file);
    await document.close();
    const { document: again, used } = await opened();
    expect([await all(again), used]).toEqual([['first row', 'mine'], true]);
    await again.close();
  });

  it('is not made of small files', async () => {
    writeFileSync(file, 'short\n');
    await (await opened()).document.close();
    expect([await store().load(file), warned]).toEqual([undefined, []]);
  });

  it.each([
    ['an array', '\ufeff[\n  {"a": 1},\r\n  {"b":\n 2}, 3\n]\n', '4]'],
    ['objects', '{"a":\n1}\n\n{"b": [2\n]}\r\n{"c": 3}\n', '{"d": 4}\n'],
    ['CSV', '"größe","chosen"\r\n1,"a\nb"\r\n\n2,c\r\n', '3,d\r\n'],
  ])('tells of %s all that the file did, and is not used once the file has grown', async (_, content, more) => {
    writeFileSync(file, content);
    const { document } = await opened();
    const { document: again, used } = await opened();
    expect([used, warned]).toEqual([true, []]);
    for (const { index } of [document.file, again.file]) expect(index).toBeInstanceOf(ElementIndex);
    const facts = ({ file: { index } }: LinesDocument): unknown => [
      [index.layout, index.count, index.bytes, index.frame, index.lineEnd, index.start(index.count)],
      Array.from({ length: index.count }, (__, row) => [index.start(row), index.length(row), index.endOf(row)]),
      Array.from({ length: index.count + 1 }, (__, row) => index.lineOf(row)),
      index.sums.fingerprint(),
    ];
    expect(facts(again)).toEqual(facts(document));
    expect(await all(again)).toEqual(await all(document));
    again.applyEdit({ op: 'delete', row: 0, lines: (await all(again)).slice(0, 1) });
    await again.save();
    expect((await all(again)).length).toBe(document.rowCount - 1);
    await document.close();
    await again.close();
    appendFileSync(file, more);
    expect([await store().load(file), warned]).toEqual([undefined, []]);
  });

  it('makes room: those that were not used for longest are removed', async () => {
    writeFileSync(file, 'first row\nsecond row\n');
    const indexes = new IndexStore(stored, (message) => warned.push(message), { minFileBytes: 10, maxBytes: 1000 });
    for (let i = 0; i < 6; i++) {
      const other = path.join(folder, `other-${i}.jsonl`);
      writeFileSync(other, 'first row\nsecond row\n');
      const lines = await LineFile.open(other);
      await lines.readIndex();
      await indexes.keep(lines);
      await lines.close();
    }
    const total = readdirSync(stored).reduce((sum, name) => sum + statSync(path.join(stored, name)).size, 0);
    expect(total).toBeLessThanOrEqual(1000);
    expect(await indexes.load(path.join(folder, 'other-5.jsonl'))).toBeDefined();
    expect(await indexes.load(path.join(folder, 'other-0.jsonl'))).toBeUndefined();
  });

  it('says that it cannot be written, and the file opens as usual', async () => {
    writeFileSync(file, 'first row\nsecond row\n');
    writeFileSync(stored, 'no folder');
    const { document } = await opened();
    expect([await all(document), warned.length]).toEqual([['first row', 'second row'], 2]);
    await document.close();
  });

  it.each([...Array(60).keys()])('continues like the index that was stored (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const text = (): string =>
      Array.from({ length: integer(random, 40) }, () => pick(random, ['a', '\n', '\r\n', '\r', 'é', '\ufeff'])).join(
        '',
      );
    const [before, after] = [Buffer.from(text()), Buffer.from(text())];
    const whole = new LineIndex(file, crc32);
    whole.push(before);
    whole.finish();
    const stamp = { size: before.length, mtime: 1.5, device: 2, inode: 3 };
    const packed = packIndex({ path: file, stamp, index: whole }, crc32);
    const { index, ...rest } = unpackIndex(packed, crc32);
    expect(rest).toEqual({ path: file, stamp });
    for (const push of [false, true]) {
      for (const each of push ? [whole, index] : []) {
        each.push(after);
        each.finish();
      }
      const facts = (of: RowIndex): unknown => [
        [of.count, of.bytes, of.frame, of.finalNewline, of.lineEnd],
        Array.from({ length: of.count + 1 }, (_, row) => [of.start(row), row < of.count && of.endOf(row)]),
        of.sums.fingerprint(),
      ];
      expect(facts(index), `seed ${seed}, ${push}`).toEqual(facts(whole));
    }
  });

  it('holds more lines than one block of the index', () => {
    const index = new LineIndex(file, crc32);
    const lines = Array.from({ length: 150_000 }, (_, i) => `${i}${i % 3 === 0 ? '\r\n' : '\n'}`);
    index.push(Buffer.from(lines.join('')));
    index.finish();
    const stamp = { size: index.bytes, mtime: 1, device: 2, inode: 3 };
    const packed = packIndex({ path: file, stamp, index }, crc32);
    const again = unpackIndex(packed, crc32).index;
    for (let row = 0; row < lines.length; row += 997) {
      expect([again.start(row), again.endOf(row)]).toEqual([index.start(row), index.endOf(row)]);
    }
    expect(packed.length).toBeLessThan(lines.length * 5);
  });
});
