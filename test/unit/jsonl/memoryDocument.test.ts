import { writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 as crc32OfNode } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../src/base/pure/crc32';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { MemoryDocument, parseMemoryBackup } from '../../../src/jsonl/memoryDocument';
import { MemoryFile } from '../../../src/jsonl/memoryFile';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { integer, pick } from '../pairs/random';
import { randomEdit } from '../pairs/randomEdit';
import { caseSeeds } from '../cases';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const opened = (text: string): MemoryDocument => new MemoryDocument(MemoryFile.of(bytesOf(text), 'rows.jsonl'));

async function saved(document: MemoryDocument): Promise<string> {
  let text = '';
  await document.save(async (bytes) => void (text = textOf(bytes)));
  return text;
}

describe('a document in memory', () => {
  it.each(caseSeeds(30))(
    'saves the same bytes as one on a disk after the same edits, undos and saves (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const ends = ['\n', '\r\n'];
      const start = Array.from({ length: integer(random, 8) }, (_, i) => `{"a":"${i}é"}${pick(random, ends)}`).join('');
      const text = `${random() < 0.3 ? '\ufeff' : ''}${start}${random() < 0.5 ? '{"z":1}' : ''}`;
      const file = path.join(folder, `rows-${seed}.jsonl`);
      writeFileSync(file, text);
      const disk = await LinesDocument.open(file);
      await disk.whenIndexed();
      const memory = opened(text);
      const undos: (readonly [{ undo(): void }, { undo(): void }])[] = [];
      for (let step = 0; step < 25; step++) {
        const lines = memory.texts(0, memory.rowCount);
        expect(lines, `seed ${seed} step ${step}`).toEqual(await disk.lines(0, disk.rowCount));
        const kind = random();
        if (kind < 0.2) {
          const content = await saved(memory);
          await disk.save();
          expect(content, `seed ${seed} step ${step}`).toBe(textOf(readFileSync(file)));
          expect(memory.isDirty).toBe(false);
        } else if (kind < 0.4 && undos.length > 0) {
          for (const applied of undos.pop() ?? []) applied.undo();
        } else {
          const edit = randomEdit(random, lines, `s${step}`);
          undos.push([memory.applyEdit(edit), disk.applyEdit(edit)]);
        }
      }
      await disk.close();
    },
  );

  it('keeps the bytes of the other elements of an array', async () => {
    const document = opened('[\n  {"a": 1},\n  {"a": 2} ,\n  {"a": 3}\n]\n');
    document.applyEdit({ op: 'replace', row: 1, line: '{"a": 20}', previous: '{"a": 2}' });
    expect(await saved(document)).toBe('[\n  {"a": 1},\n  {"a": 20} ,\n  {"a": 3}\n]\n');
  });

  it('refuses a row that would break an array, and keeps the edit', async () => {
    const document = opened('[{"a": 1}, {"a": 2}]');
    document.applyEdit({ op: 'replace', row: 1, line: '{"a": 2}]', previous: '{"a": 2}' });
    await expect(saved(document)).rejects.toMatchObject({ code: 'breaks-array' });
    expect(document.isDirty).toBe(true);
  });

  it('stays unsaved after a write that fails', async () => {
    const document = opened('1\n2\n');
    document.applyEdit({ op: 'delete', row: 0, lines: ['1'] });
    await expect(document.save(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(document.isDirty).toBe(true);
    expect(await saved(document)).toBe('2\n');
  });

  it('restores the edits of a backup on the same file only', () => {
    const document = opened('1\n2\n');
    document.applyEdit({ op: 'replace', row: 0, line: 'one', previous: '1' });
    const backup = parseMemoryBackup(JSON.stringify(document.backup()), 'rows.jsonl');
    const again = opened('1\n2\n');
    expect(again.restore(backup)).toBe(true);
    expect(again.texts(0, 2)).toEqual(['one', '2']);
    const other = opened('1\n3\n');
    expect(other.restore(backup)).toBe(false);
    expect(other.isDirty).toBe(false);
    expect(() => parseMemoryBackup('{"version": 9}', 'rows.jsonl')).toThrow('cannot be read');
  });

  it('has the checksums of Node', () => {
    const bytes = bytesOf('Grüße aus dem Browser');
    expect(crc32(bytes)).toBe(crc32OfNode(bytes));
    expect(crc32(bytes.subarray(7), crc32(bytes.subarray(0, 7)))).toBe(crc32OfNode(bytes));
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});
