import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { blockBytes } from '../../../src/jsonl/blockSums';
import { LineIndex } from '../../../src/jsonl/lineIndex';
import { LineFile } from '../../../src/jsonl/node/lineFile';
import { IndexThreads } from '../../../src/jsonl/node/scan/indexThreads';
import { PartReader } from '../../../src/jsonl/node/scan/partReader';
import { integer, pick } from '../pairs/random';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'lines.jsonl');
const threads = new IndexThreads(path.resolve('dist/indexThread.js'), 2);
afterAll(() => threads.close());

/** The index of bytes that this thread scans, and from a block on, parts of some blocks that a reader scans. */
function inParts(bytes: Uint8Array, random: () => number): LineIndex {
  writeFileSync(file, bytes);
  const fd = openSync(file, 'r');
  const reader = new PartReader();
  const index = new LineIndex(file, crc32);
  index.push(bytes.subarray(0, blockBytes));
  while (index.bytes < bytes.length && random() < 0.9) {
    if (random() < 0.3) index.finish();
    index.append(reader.read(fd, index.bytes, blockBytes * (1 + integer(random, 12))));
  }
  closeSync(fd);
  index.push(bytes.subarray(index.bytes));
  index.finish();
  return index;
}

/** What an index holds, small enough to compare a million rows at once. */
function digest({ table }: LineIndex): object {
  const { scanner, open, lengths, crlf, sums } = table;
  const bytes = [lengths, crlf, sums].map((list) => crc32(Buffer.from(list.buffer, list.byteOffset, list.byteLength)));
  return { scanner, open, rows: lengths.length, bytes };
}

function alone(bytes: Uint8Array): LineIndex {
  const index = new LineIndex(file, crc32);
  index.push(bytes);
  index.finish();
  return index;
}

describe('a part of a file that another thread scans', () => {
  it.each([...Array(60).keys()])('gives the same index, wherever the parts begin (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const alphabet = pick(random, ['\r\n', '\r\na', 'a\n', 'a', '\n', '\r', 'abcdefghijklmnop\r\n']);
    const length = blockBytes + 1 + integer(random, 30 * blockBytes);
    const bytes = Buffer.alloc(length);
    for (let i = 0; i < length; i++) bytes[i] = alphabet.charCodeAt(integer(random, alphabet.length));
    if (random() < 0.3) bytes.set([0xef, 0xbb, 0xbf]);
    expect(digest(inParts(bytes, random)), `seed ${seed}`).toEqual(digest(alone(bytes)));
  });

  it('counts CR LF as one line end where two parts, or two reads, meet', () => {
    for (const split of [blockBytes, 2 * blockBytes, 8 * blockBytes, 9 * blockBytes]) {
      const bytes = Buffer.alloc(12 * blockBytes, 'x');
      bytes.write('\r\n', split - 1);
      const index = inParts(bytes, () => 0.5);
      expect([index.count, index.endOf(0), index.lineEnd], `split ${split}`).toEqual([2, '\r\n', '\r\n']);
    }
  });

  it('is refused if a line in it is too long, with the number of the line', () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(3 * blockBytes, 'x'), Buffer.from('\nb')]);
    writeFileSync(file, bytes);
    const fd = openSync(file, 'r');
    const index = new LineIndex('f.jsonl', crc32, 2 * blockBytes);
    index.push(bytes.subarray(0, blockBytes));
    index.append(new PartReader().read(fd, blockBytes, blockBytes));
    const next = new PartReader().read(fd, 2 * blockBytes, 2 * blockBytes);
    expect(() => index.append(next)).toThrow('f.jsonl, line 2: longer than');
    closeSync(fd);
  });
});

async function read(options: Parameters<LineFile['readIndex']>[0] = {}): Promise<LineIndex> {
  const lines = await LineFile.open(file, { threads });
  try {
    await lines.readIndex(options);
    return lines.index as LineIndex;
  } finally {
    await lines.close();
  }
}

describe('a large file whose rows threads find', () => {
  const megabytes = 24;
  const row = `{"prompt": "p", "chosen": "${'c'.repeat(500)}", "rejected": "r"}`;
  const write = (end = '\n'): Buffer => {
    const bytes = Buffer.alloc(megabytes << 20, `${row}${end}`);
    writeFileSync(file, bytes);
    return bytes;
  };

  it.each(['\n', '\r\n'])('has the same index (line end %j)', async (end) => {
    const bytes = write(end);
    expect(digest(await read())).toEqual(digest(alone(bytes)));
  });

  it('has the same index if it is a million empty lines, or one line', async () => {
    for (const bytes of [Buffer.alloc(3 << 20, '\n'), Buffer.alloc(90 << 20, 'x')]) {
      writeFileSync(file, bytes);
      expect(digest(await read())).toEqual(digest(alone(bytes)));
    }
  });

  it('shows its first rows before the others are found, and how far it is', async () => {
    write();
    const seen: number[] = [];
    await read({ onProgress: (bytes, size) => seen.push(bytes / size) });
    expect(seen[0]).toBeLessThan(0.02);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(5);
  });

  it('is not read on when reading is aborted', async () => {
    write();
    const stop = new AbortController();
    const lines = await LineFile.open(file, { threads });
    const onProgress = (bytes: number): void => {
      if (bytes > 4 << 20) stop.abort(new Error('enough'));
    };
    await expect(lines.readIndex({ signal: stop.signal, onProgress })).rejects.toThrow('enough');
    expect(lines.share).toBeLessThan(0.9);
    await lines.close();
  });

  it('has changed if it shrinks while it is read', async () => {
    write();
    let shrunk = false;
    const onProgress = (): void => {
      if (!shrunk) truncateSync(file, 2 << 20);
      shrunk = true;
    };
    await expect(read({ onProgress })).rejects.toMatchObject({ code: 'changed-on-disk' });
  });

  it('is named in the error if the system cannot read it', async () => {
    const parts = threads.lines(2 ** 30, 'gone.jsonl', 0, 100);
    await expect(parts.next()).rejects.toMatchObject({ code: 'file', message: expect.stringContaining('gone.jsonl') });
  });
});
