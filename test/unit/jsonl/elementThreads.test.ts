import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { blockBytes } from '../../../src/jsonl/blockSums';
import { ElementIndex } from '../../../src/jsonl/elementIndex';
import { ElementParts } from '../../../src/jsonl/elementPart';
import { elementsOf, newIndex } from '../../../src/jsonl/newIndex';
import { LineFile } from '../../../src/jsonl/node/lineFile';
import { IndexThreads } from '../../../src/jsonl/node/scan/indexThreads';
import type { RowIndex } from '../../../src/jsonl/rowIndex';
import { integer, pick } from '../pairs/random';
import { temporaryFolder } from './temporaryFolder';

type Layout = ElementIndex['layout'];

const folder = temporaryFolder();
const threads = new IndexThreads(path.resolve('dist/indexThread.js'), 1);
afterAll(() => threads.close());

/** Everything that can be read from an index. */
function facts(index: RowIndex): object {
  const { layout, count, bytes, lineEnd, frame, sums } = index;
  const rows = Array.from({ length: count + 1 }, (_, row) => [index.start(row), index.lineOf(row), index.endOf(row)]);
  const lengths = Array.from({ length: count }, (_, row) => index.length(row));
  return { layout, count, bytes, lineEnd, frame, sums: Array.from(sums.all), rows, lengths };
}

function alone(layout: Layout, bytes: Uint8Array): RowIndex {
  const index = newIndex(layout, 'rows', crc32);
  index.push(bytes);
  index.finish();
  return index;
}

function inParts(layout: Layout, bytes: Uint8Array, random: () => number): ElementIndex {
  const parts = new ElementParts(elementsOf(layout, 'rows'), crc32);
  const index = new ElementIndex(elementsOf(layout, 'rows'), crc32);
  for (let from = 0, to = 0; from < bytes.length; from = to) {
    to = Math.min(bytes.length, from + blockBytes * integer(random, 4));
    parts.push(bytes.subarray(from, to));
    if (to === bytes.length) parts.finish();
    index.append(parts.take());
  }
  index.finish();
  return index;
}

/** A text of some blocks. */
function textOf(layout: Layout, random: () => number): string {
  const row = (): string => JSON.stringify({ a: '["x"],\\"'.repeat(integer(random, 40)) });
  const gap = (): string => pick(random, ['\n', '\r\n', '\n\n', '  \n']);
  const rows = Array.from({ length: 700 }, row);
  const mark = random() < 0.3 ? '\ufeff' : '';
  if (layout === 'csv,')
    return `${mark}größe,chosen\r\n${rows.map((text) => `1,"${text.replaceAll('"', '""')}"${gap()}`).join('')}`;
  if (layout === 'objects') return mark + rows.map((text) => text + gap()).join('');
  return `${mark}[${gap()}${rows.join(`,${gap()}`)}${gap()}]${gap()}`;
}

describe('the elements of a file that another thread finds', () => {
  it.each(['array', 'objects', 'csv,'] as const)('are the same in parts of any length (%s)', (layout) => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = seededRandom(seed);
      const bytes = Buffer.from(textOf(layout, random));
      expect(facts(inParts(layout, bytes, random)), `seed ${seed}`).toEqual(facts(alone(layout, bytes)));
    }
  });

  const file = path.join(folder, 'rows.json');
  const row = '{"prompt": "p", "chosen": "c", "rejected": "r"}';
  const write = (end: string): Buffer => {
    const bytes = Buffer.from(`[\n  ${Array.from({ length: 25_000 }, () => row).join(',\n  ')}${end}`);
    writeFileSync(file, bytes);
    return bytes;
  };
  const read = async (options: Parameters<LineFile['readIndex']>[0] = {}): Promise<RowIndex> => {
    const lines = await LineFile.open(file, { threads });
    return lines
      .readIndex(options)
      .then(() => lines.index)
      .finally(() => lines.close());
  };

  it('are the same in a real thread, and the first are known before the others', async () => {
    const bytes = write('\n]\n');
    const shares: number[] = [];
    const index = await read({ onProgress: (done, size) => shares.push(done / size) });
    expect(facts(index)).toEqual(facts(alone('array', bytes)));
    expect(shares).toHaveLength(Math.ceil(bytes.length / (1 << 20)));
  });

  it('are refused with the line of a mistake, and if the file was cut off', async () => {
    write(', ]');
    await expect(read()).rejects.toMatchObject({ code: 'json-syntax', details: { line: 25_001 } });
    write('');
    await expect(read()).rejects.toMatchObject({ code: 'json-syntax', message: expect.stringContaining('cut off') });
  });

  it('are not read on when reading is aborted, and the file has changed if it shrinks', async () => {
    write(']');
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error('enough'));
    await expect(read({ signal: stop.signal, onProgress })).rejects.toThrow('enough');
    const lines = await LineFile.open(file, { threads });
    truncateSync(file, 1 << 20);
    await expect(lines.readIndex()).rejects.toMatchObject({ code: 'changed-on-disk' });
    await lines.close();
  });
});
