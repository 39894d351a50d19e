import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../../../src/jsonl/node/readRows';
import { readPairs } from '../../../../src/jsonl/node/readPairs';
import type { RowText } from '../../../../src/jsonl/containers/rowText';
import { detectAll } from '../../../../src/pairs/reading';
import { temporaryFolder } from '../temporaryFolder';
import { zstdRows } from './zstdRows';

const folder = temporaryFolder();
const row = '{"prompt":"Q","chosen":"a","rejected":"b"}';
const lines = `${row}\n`.repeat(3);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function rowsOf(content: string | Uint8Array, name = 'rows.data'): Promise<RowText[]> {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return (await collect(readRows(file))).flat();
}

const textsOf = async (content: string | Uint8Array, name?: string): Promise<string[]> =>
  (await rowsOf(content, name)).map(({ text }) => text);

/** A skippable frame of zstd (RFC 8878, section 3.1.2). */
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

/** A frame of zstd whose blocks are stored as they are (RFC 8878, section 3.1.1). */
function zstdOf(bytes: Uint8Array): Buffer {
  const blocks: Buffer[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += 1 << 17) {
    const block = bytes.subarray(start, start + (1 << 17));
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (start + block.length >= bytes.length ? 1 : 0), 0, 3);
    blocks.push(header, Buffer.from(block));
  }
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), ...blocks]);
}

describe('the rows of a file', () => {
  it.each<[string, string | Uint8Array]>([
    ['lines', lines],
    ['gzip', gzipSync(lines)],
    ['gzip in several parts', Buffer.concat([gzipSync(`${row}\n${row}`), gzipSync(`\n${row}\n`)])],
    ['zstd', zstdRows],
    [
      'zstd as pzstd packs it, with skippable frames',
      Buffer.concat([skippable, zstdOf(Buffer.from(`${row}\n${row}`)), skippable, zstdOf(Buffer.from(`\n${row}\n`))]),
    ],
    [
      'zstd in several frames',
      Buffer.concat([zstdOf(Buffer.from(`${row}\n${row}`)), zstdOf(Buffer.from(`\n${row}\n`))]),
    ],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${lines}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(lines, 'utf16le')],
    ['big-endian UTF-16 with a mark', Buffer.from(`\ufeff${lines}`, 'utf16le').swap16()],
    ['big-endian UTF-16 without a mark', Buffer.from(lines, 'utf16le').swap16()],
    ['UTF-16 in gzip', gzipSync(Buffer.from(`\ufeff${lines}`, 'utf16le'))],
    ['CSV', 'prompt,chosen,rejected\nQ,a,b\r\nQ,"a",b\nQ,a,b'],
    ['CSV behind a mark and blank lines', '\ufeff\n"prompt","chosen","rejected"\n\nQ,a,b\nQ,a,b\n\nQ,a,b\n'],
    ['CSV with semicolons', 'prompt;chosen;rejected\nQ;a;b\nQ;a;b\nQ;a;b\n'],
    ['TSV', 'prompt\tchosen\trejected\nQ\ta\tb\nQ\ta\tb\nQ\ta\tb\n'],
    ['CSV in gzip', gzipSync('prompt,chosen,rejected\nQ,a,b\nQ,a,b\nQ,a,b\n')],
    [
      'CSV in UTF-16, as Excel writes it',
      Buffer.from('\ufeffprompt\tchosen\trejected\r\nQ\ta\tb\r\nQ\ta\tb\r\nQ\ta\tb\r\n', 'utf16le'),
    ],
  ])('come from %s, whatever its name', async (_, content) => {
    expect(await textsOf(content)).toEqual([row, row, row]);
  });

  it.each(['pairs.csv', 'pairs.jsonl.gz'])('of ../shared/cases/shapes/%s are the three pairs', async (name) => {
    const file = `../shared/cases/shapes/${name}`;
    if (!existsSync(file)) return;
    const rows = await collect(readPairs(file, { reading: detectAll }));
    expect(rows.map(({ result }) => result.kind === 'pair' && result.pair.chosen[0]?.content)).toEqual([
      'A horse is bigger.',
      'A sheep has four legs.',
      'Butter is yellow.',
    ]);
    expect(rows.map(({ line }) => line)).toEqual(name.endsWith('csv') ? [2, 3, 4] : [1, 2, 3]);
  });

  it('are read in chunks: a packed file of 22 MB takes little memory', async () => {
    const file = path.join(folder, 'large.jsonl.gz');
    writeFileSync(file, gzipSync(`${row}\n`.repeat(500_000)));
    const before = process.memoryUsage().rss;
    let [count, most] = [0, 0];
    for await (const rows of readRows(file)) {
      count += rows.length;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(count).toBe(500_000);
    expect(most).toBeLessThan(100e6);
  });

  it('of a packed file have the same limit per line as those of any file', async () => {
    const bomb = gzipSync(Buffer.alloc(101 * 1024 * 1024, 'x'));
    await expect(rowsOf(bomb, 'bomb.jsonl.gz')).rejects.toMatchObject({ code: 'line-too-long' });
  });

  it.each<[string, Uint8Array, string]>([
    ['gzip', gzipSync(lines), 'gzip'],
    ['zstd', zstdRows, 'zstd'],
  ])('end with one error if %s is cut off', async (_, content, name) => {
    for (const end of [20, content.length - 5]) {
      const reading = rowsOf(content.subarray(0, end), 'cut.data');
      await expect(reading).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringMatching(new RegExp(`cut\\.data is damaged .* its ${name} data cannot be unpacked`)),
      });
    }
  });

  it('in a container that is not read are refused in one sentence, packed or not', async () => {
    await expect(rowsOf(gzipSync(gzipSync(lines)))).rejects.toMatchObject({
      message: expect.stringContaining('gzip inside gzip'),
    });
    await expect(rowsOf(gzipSync('PAR1PAR1'))).rejects.toMatchObject({
      message: expect.stringContaining('parquet inside gzip'),
    });
    await expect(rowsOf(Buffer.from('fd377a585a0000', 'hex'))).rejects.toMatchObject({
      message: expect.stringContaining('xz -dk'),
    });
  });

  it('are refused if UTF-16 ends inside a character', async () => {
    const torn = Buffer.concat([Buffer.from(`\ufeff${lines}`, 'utf16le'), Buffer.from([0x00, 0xd8, 0x41, 0x00])]);
    await expect(rowsOf(torn)).rejects.toMatchObject({ code: 'not-utf16', details: { line: expect.any(Number) } });
  });

  it('stop when the reading is aborted, inside a packed file too', async () => {
    const file = path.join(folder, 'abort.jsonl.gz');
    writeFileSync(file, gzipSync(lines));
    const reading = collect(readRows(file, AbortSignal.abort()));
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
