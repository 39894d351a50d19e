import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { type ReadRow, readPairs } from '../../../src/jsonl/node/readPairs';

const folder = mkdtempSync(path.join(tmpdir(), 'margin-readPairs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function collect(rows: AsyncIterable<ReadRow>): Promise<ReadRow[]> {
  const all: ReadRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function readAll(content: string | Buffer): Promise<ReadRow[]> {
  const file = path.join(folder, 'rows.jsonl');
  writeFileSync(file, content);
  return collect(readPairs(file, { reading: detectAll }));
}

const row = '{"prompt": "Q", "chosen": " a", "rejected": " b"}';

describe('readPairs', () => {
  it('gives a row for each line, and says why a line has no pair', async () => {
    const rows = await readAll(`${row}\n\n{"prompt": 1}\r\n{"chosen": "x"\n${row}`);
    expect(rows.map(({ row, line, result }) => [row, line, result.kind])).toEqual([
      [0, 1, 'pair'],
      [1, 2, 'blank'],
      [2, 3, 'not-a-pair'],
      [3, 4, 'not-json'],
      [4, 5, 'pair'],
    ]);
  });

  it('skips a byte order mark and reads an empty file as no rows', async () => {
    expect(await readAll('')).toEqual([]);
    expect(await readAll('\ufeff')).toEqual([]);
    expect((await readAll(`\ufeff${row}\n`)).map(({ result }) => result.kind)).toEqual(['pair']);
  });

  it('reads lines longer than its chunks', async () => {
    const long = `{"prompt": "${'é'.repeat(400_000)}", "chosen": "a", "rejected": "b"}`;
    const rows = await readAll(`${row}\n${long}\r\n${row}\n`);
    expect(rows.map(({ text }) => text)).toEqual([row, long, row]);
  });

  it('names a missing file', async () => {
    const reading = collect(readPairs(path.join(folder, 'absent.jsonl'), { reading: detectAll }));
    await expect(reading).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('absent.jsonl') });
  });

  it('stops when it is aborted', async () => {
    const file = path.join(folder, 'rows.jsonl');
    writeFileSync(file, `${row}\n`);
    await expect(collect(readPairs(file, { reading: detectAll, signal: AbortSignal.abort() }))).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('gives the same key to the same content in another key order and spacing, another to a swapped pair', async () => {
    const rows = await readAll(
      `${row}\n{"rejected":" b","chosen":" a","prompt":"Q","id":7}\n{"prompt": "Q", "chosen": " b", "rejected": " a"}`,
    );
    const keys = rows.map(({ result }) => (result.kind === 'pair' ? pairKey(result.pair) : ''));
    expect(keys[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  const hh = '../shared/data/hh-rlhf/harmless-base-test.jsonl.gz';
  it.skipIf(!existsSync(hh))('reads all of HH-RLHF harmless-base test as transcripts', async () => {
    const rows = await readAll(gunzipSync(readFileSync(hh)));
    expect(rows).toHaveLength(2312);
    expect(new Set(rows.map(({ result }) => (result.kind === 'pair' ? result.format.id : result.kind)))).toEqual(
      new Set(['hh-transcript']),
    );
  });
});
