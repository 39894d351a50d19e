import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type DecodedFile, DecodedFiles } from '../../../../src/jsonl/node/decode/decodedFiles';
import { LinesDocument } from '../../../../src/jsonl/node/document';
import { writeParquet } from '../../../../src/jsonl/node/writeRows/parquet';
import { zstdRows } from '../containers/zstdRows';
import { temporaryFolder } from '../temporaryFolder';

const folder = temporaryFolder();
const script = path.resolve('dist/decodeThread.js');
const row = '{"prompt":"Q","chosen":"a","rejected":"b"}';
let stores = 0;

function newStore(maxBytes?: number): { readonly files: DecodedFiles; readonly copies: () => string[] } {
  const place = path.join(folder, `store-${stores++}`);
  return { files: new DecodedFiles(place, script, maxBytes), copies: () => readdirSync(place) };
}

function written(name: string, content: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function opened(source: string, { file, growing }: DecodedFile): Promise<LinesDocument> {
  return LinesDocument.open(file, { name: source, ...(growing && { growth: growing }) });
}

async function textsOf(files: DecodedFiles, source: string): Promise<string[]> {
  const decoded = await files.open(source);
  const document = await opened(source, decoded);
  try {
    await document.whenIndexed();
    return await document.lines(0, 100);
  } finally {
    await document.close();
    await decoded.release();
  }
}

describe('the decoded copy', () => {
  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync(`${row}\n${row}\n${row}\n`)],
    ['zstd', zstdRows],
    ['UTF-16', Buffer.from(`\ufeff${row}\r\n${row}\r\n${row}`, 'utf16le')],
    ['UTF-16 in gzip', gzipSync(Buffer.from(`\ufeff${row}\n${row}\n${row}`, 'utf16le'))],
    ['a JSON array in gzip', gzipSync(`[\n${row},\n${row},\n${row}\n]`)],
  ])('of %s has its rows', async (name, content) => {
    const texts = await textsOf(newStore().files, written(`${name}.data`, content));
    expect(texts).toEqual([row, row, row]);
  });

  it('of a packed table has the rows of the table, whose name says what it is', async () => {
    const source = written('pairs.csv.gz', gzipSync('prompt,chosen,rejected\nQ,a,b\n'));
    expect(await textsOf(newStore().files, source)).toEqual([row]);
  });

  it('of Parquet has its rows as JSON', async () => {
    const source = path.join(folder, 'rows.parquet');
    const columns = ['prompt', 'chosen', 'rejected'].map((name) => ({ name, type: 'text' as const }));
    await writeParquet([JSON.parse(row), JSON.parse(row)], source, columns);
    expect(await textsOf(newStore().files, source)).toEqual([row, row]);
  });

  it('is used again until the source changes; then it is removed', async () => {
    const { files, copies } = newStore();
    const source = written('again.jsonl.gz', gzipSync(`${row}\n`));
    await textsOf(files, source);
    const [first] = copies();
    const again = await files.open(source);
    expect([copies(), again.growing]).toEqual([[first], null]);
    await again.release();
    writeFileSync(source, gzipSync(`${row}\n${row}\n`));
    utimesSync(source, 1, 1);
    expect(await textsOf(files, source)).toEqual([row, row]);
    expect(copies()).toHaveLength(1);
    expect(copies()).not.toEqual([first]);
  });

  it('that no one uses is removed when all together are larger than the limit, the oldest first', async () => {
    const { files, copies } = newStore(100);
    const sources = ['a', 'b', 'c'].map((name) => written(`${name}.gz`, gzipSync(`{"${name}":"${'x'.repeat(40)}"}\n`)));
    for (const source of sources) await textsOf(files, source);
    expect(copies()).toHaveLength(2);
    const last = await files.open(sources[2] ?? '');
    expect(last.growing).toBeNull();
    await last.release();
  });

  it('is not kept when the source is damaged: the rows before are shown, and the error names file and line', async () => {
    const { files, copies } = newStore();
    const noise = Array.from({ length: 9000 }, (_, i) => JSON.stringify({ n: Math.sin(i), prompt: 'Q' })).join('\n');
    const source = written('cut.jsonl.gz', gzipSync(noise).subarray(0, -2000));
    const decoded = await files.open(source);
    const document = await opened(source, decoded);
    await expect(document.whenIndexed()).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/cut\.jsonl\.gz is damaged after line \d{4}/),
    });
    expect(document.rowCount).toBeGreaterThan(5000);
    expect(await document.lines(4000, 1)).toEqual([noise.split('\n')[4000]]);
    await document.close();
    await decoded.release();
    expect(copies()).toEqual([]);
  });

  it('of a bomb ends at the limit', async () => {
    const source = written('bomb.gz', gzipSync(Buffer.alloc(50 << 20, '{}\n')));
    const files = newStore(2 ** 20).files;
    await expect(textsOf(files, source)).rejects.toMatchObject({ code: 'decodes-too-large' });
  });

  it('shows its first rows before the rest is decoded, and stops when it is told to', async () => {
    const { files, copies } = newStore();
    const noise = Array.from({ length: 100_000 }, (_, i) => JSON.stringify({ n: Math.sin(i) })).join('\n');
    const source = written('long.gz', Buffer.concat(Array.from({ length: 10 }, () => gzipSync(`${noise}\n`))));
    const decoded = await files.open(source);
    const document = await opened(source, decoded);
    expect(decoded.growing?.isComplete).toBe(false);
    while (document.rowCount < 100) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await document.lines(0, 1)).toEqual(['{"n":0}']);
    expect(document.isIndexing).toBe(true);
    expect(document.readShare).toBeLessThan(1);
    decoded.growing?.stop();
    await expect(document.whenIndexed()).rejects.toMatchObject({ code: 'stopped' });
    await document.close();
    await decoded.release();
    expect(copies()).toEqual([]);
  });

  it('that cannot be begun is an error, and leaves nothing', async () => {
    const place = path.join(folder, 'none');
    const source = written('none.gz', gzipSync(row));
    await expect(new DecodedFiles(place, path.resolve('dist/none.js')).open(source)).rejects.toThrow(/none\.js/);
    expect(readdirSync(place)).toEqual([]);
  });

  it('that a killed process left is removed', async () => {
    const { files, copies } = newStore();
    const source = written('left.gz', gzipSync(row));
    await textsOf(files, source);
    const [kept] = copies();
    mkdirSync(path.join(folder, `store-${stores - 1}`, '0123.4567.999999999-abcd'));
    await textsOf(files, source);
    expect(copies()).toEqual([kept]);
  });
});

it('the source is never written', () => {
  expect(readFileSync(path.join(folder, 'zstd.data'))).toEqual(zstdRows);
});
