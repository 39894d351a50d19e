import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { headBytes, layoutOf, notLines, readOnlyKind } from '../../../src/jsonl/fileKind';
import { readPairs } from '../../../src/jsonl/node/readPairs';

/** The row below in zstd's format (RFC 8878), which Node 20 cannot write. */
const zstdRow = Buffer.from(
  '28b52ffd20318901007b2270726f6d7074223a202251222c202263686f73656e223a20222061222c202272656a6563746564223a20222062227d',
  'hex',
);
const row = '{"prompt": "Q", "chosen": " a", "rejected": " b"}';
const kindOf = (content: string | Uint8Array, whole = true): string | null => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return notLines(bytes.subarray(0, headBytes), whole, 'folder/rows.jsonl')?.message ?? null;
};

function utf32(text: string, bigEndian: boolean): Buffer {
  return Buffer.concat(
    [...text].map((char) => {
      const unit = Buffer.alloc(4);
      if (bigEndian) unit.writeUInt32BE(char.codePointAt(0) ?? 0);
      else unit.writeUInt32LE(char.codePointAt(0) ?? 0);
      return unit;
    }),
  );
}

describe('files that are not JSON Lines', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['zip', 'PK\x03\x04abc', 'unzip'],
    ['Arrow', 'ARROW1\0\0', 'read_feather'],
    ['an Arrow stream', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x10, 0, 0, 0]), 'an Arrow stream'],
    ['a pickle', Buffer.from([0x80, 0x04, 0x95, 0x10]), 'read_pickle'],
    ['an SQLite database', 'SQLite format 3\0', 'SQLite'],
    ['UTF-32 with its mark', utf32(`\ufeff${row}`, false), 'UTF-32LE'],
    ['UTF-32 without a mark', utf32(row, true), 'UTF-32BE'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 'run git lfs pull'],
    ['YAML', '- prompt: Q\n  chosen: a\n  rejected: b\n', 'YAML'],
    ['a web page', '<!DOCTYPE html>\n<html>\n', 'a web page'],
    ['XML', '<?xml version="1.0"?>\n<rows/>\n', 'XML'],
    ['a JSON text sequence', `\u001e${row}\n`, 'RFC 7464'],
    ['prose', 'These are\nonly words.\n', 'plain text'],
  ])('%s is named in one sentence', (_, content, sentence) => {
    expect(kindOf(content)).toContain(sentence);
    expect(kindOf(content)).toMatch(/^folder\/rows\.jsonl is [^\n]+\.$/);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['gzip', gzipSync(row), 'compressed with gzip'],
    ['zstd', zstdRow, 'compressed with zstd'],
    ['Parquet', 'PAR1\x15\x04', 'a Parquet file'],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${row}`, 'utf16le'), 'UTF-16LE, not UTF-8'],
    ['UTF-16 without a mark', Buffer.from(row, 'utf16le'), 'UTF-16LE, not UTF-8'],
    ['big-endian UTF-16 without a mark', Buffer.from(row, 'utf16le').swap16(), 'UTF-16BE, not UTF-8'],
  ])('%s is read and not written', (_, content, name) => {
    expect(readOnlyKind(Buffer.from(content), true, 'rows.jsonl')?.name).toBe(name);
    expect(kindOf(content)).toBeNull();
  });

  it.each<[string, string, string]>([
    ['an array on one line', `[${row}, ${row}]`, 'array'],
    ['an array, a row a line', `[${row},\n${row}]\n`, 'array'],
    ['an array behind a mark', `\ufeff\n[\n  ${row}\n]`, 'array'],
    ['a pretty-printed array', JSON.stringify([JSON.parse(row)], null, 2), 'array'],
    ['an empty array', '[]\n', 'array'],
    ['pretty-printed objects', `${JSON.stringify(JSON.parse(row), null, 2)}\n`.repeat(2), 'objects'],
    ['objects printed with tabs', `${JSON.stringify(JSON.parse(row), null, '\t')}\n`, 'objects'],
    ['objects that open on the line of a key', '{"prompt": "Q",\n "chosen": "a",\n "rejected": "b"}\n', 'objects'],
    ['rows that are lists', '[{"role": "user"}]\n[{"role": "user"}]\n', 'lines'],
    ['a torn first row', `{"prompt": "Q", \n${row}\n`, 'lines'],
  ])('%s: the layout of the rows', (_, content, layout) => {
    expect(layoutOf(Buffer.from(content).subarray(0, headBytes), true, 'rows.jsonl')).toBe(layout);
    expect(kindOf(content)).toBeNull();
  });

  it.each<[string, string | Uint8Array]>([
    ['rows', `${row}\n${row}\n`],
    ['rows behind a mark and blank lines', `\ufeff\r\n\r\n${row}\r\n`],
    ['an empty file', ''],
    ['blank lines', '\n \n'],
    ['rows in latin1', Buffer.from('{"prompt":"café","chosen":"a","rejected":"b"}\n', 'latin1')],
    ['a torn first row', `{"prompt": "Q", "chosen\n${row}\n`],
    ['a torn first row, outside its texts', `{"prompt": "Q", \n${row}\n`],
    ['a first row with a comma behind it', `${row},\n${row},\n`],
    ['rows of Python', `${row.replaceAll('"', "'")}\n`.repeat(3)],
    ['rows that are lists', '[{"role": "user"}]\n[{"role": "user"}]\n'],
    ['rows that end in CR alone', `${row}\r${row}\r`],
    ['one row that is not JSON', 'x'],
    ['a row with a zero byte', `{"a": "\0"}\n${row}\n`],
  ])('%s are left to the check of each line', (_, content) => {
    expect(kindOf(content)).toBeNull();
  });

  it('judges only by the start of a file: a row longer than it, an array whose first row does not end in it', () => {
    const long = `{"prompt": "${'word '.repeat(20_000)}", "chosen": "a", "rejected": "b"}`;
    expect(kindOf(`${long}\n${row}`, false)).toBeNull();
    const layout = (text: string): string => layoutOf(Buffer.from(text).subarray(0, headBytes), false, 'rows.jsonl');
    expect([layout(`${long}\n${row}`), layout(`[${long}, ${row}]`), layout(`{\n${long.slice(1)}`)]).toEqual([
      'lines',
      'array',
      'objects',
    ]);
  });
});

describe('readPairs', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'margin-kind-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says once what a file is, before any row', async () => {
    const file = path.join(folder, 'rows.jsonl');
    writeFileSync(file, `<html>\n${`${row}\n`.repeat(10_000)}`);
    await expect(readPairs(file, { reading: detectAll }).next()).rejects.toMatchObject({
      code: 'not-json-lines',
      message: expect.stringContaining('a web page'),
    });
  });
});
