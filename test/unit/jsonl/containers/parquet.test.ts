import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readPairs, type ReadRow } from '../../../../src/jsonl/node/readPairs';
import { writeJsonLines } from '../../../../src/jsonl/node/writeRows/jsonLines';
import { writeParquet } from '../../../../src/jsonl/node/writeRows/parquet';
import { ColumnTally } from '../../../../src/jsonl/node/writeRows/rowColumns';
import type { JsonObject } from '../../../../src/pairs/json';
import { detectAll } from '../../../../src/pairs/reading';
import { temporaryFolder } from '../temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.parquet');

async function read(): Promise<ReadRow[]> {
  const all: ReadRow[] = [];
  for await (const row of readPairs(file, { reading: detectAll })) all.push(row);
  return all;
}

async function roundTrip(rows: readonly JsonObject[], groupRows = 1000): Promise<unknown[]> {
  const tally = new ColumnTally();
  for (const row of rows) tally.add(row);
  await writeParquet(rows, file, tally.columns(), { groupRows });
  return (await read()).map(({ value }) => value);
}

const turn = (role: string, content: string): JsonObject => ({ role, content });

describe('a Parquet file', () => {
  it('of messages, numbers, booleans and nested values is read as it was written, row group by row group', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ({
      prompt: [turn('user', `Question ${i} é😀`)],
      chosen: [turn('assistant', 'yes')],
      rejected: i % 3 === 0 ? [] : [turn('assistant', 'no'), turn('user', 'why?')],
      score: i / 8,
      count: i * 1_000_000_000,
      good: i % 2 === 0,
      extra: i % 2 === 0 ? { tags: ['a', i] } : 'text',
    }));
    expect(await roundTrip(rows)).toEqual(rows);
    const seen = await read();
    expect(seen.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 1));
    expect(seen.slice(1, 3).map(({ result }) => result.kind)).toEqual(['pair', 'pair']);
  });

  it('has null for a missing value', async () => {
    expect(await roundTrip([{ a: 'x' }, { a: null, b: [turn('user', 'Q')] }])).toEqual([
      { a: 'x', b: null },
      { a: null, b: [turn('user', 'Q')] },
    ]);
    expect(await roundTrip([{ a: null }])).toEqual([{ a: null }]);
  });

  it('gives large integers, times, dates and bytes in a form that loses nothing', async () => {
    const data = parquetWriteBuffer({
      columnData: [
        { name: 'large', data: [9_007_199_254_740_993n, 5n] },
        { name: 'time', data: [new Date('2024-05-01T10:00:00.123Z'), new Date('1969-12-31T23:59:59.999Z')] },
        { name: 'micros', data: [1_714_557_600_123_456n, -1n] },
        { name: 'day', data: [new Date('2024-05-01'), new Date('1960-02-29')] },
        { name: 'bytes', data: [Uint8Array.of(0xff, 0xd8), new TextEncoder().encode('text')] },
        { name: 'float', data: [Number.NaN, Number.POSITIVE_INFINITY] },
        { name: 'price', data: [12.34, -0.05] },
      ],
      schema: [
        { name: 'root', num_children: 7 },
        { name: 'large', type: 'INT64' },
        { name: 'time', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
        { name: 'micros', type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
        { name: 'day', type: 'INT32', converted_type: 'DATE' },
        { name: 'bytes', type: 'BYTE_ARRAY' },
        { name: 'float', type: 'DOUBLE' },
        { name: 'price', type: 'INT64', converted_type: 'DECIMAL', scale: 2, precision: 10 },
      ],
    });
    writeFileSync(file, new Uint8Array(data));
    expect((await read()).map(({ value }) => value)).toEqual([
      {
        large: '9007199254740993',
        time: '2024-05-01T10:00:00.123Z',
        micros: '2024-05-01T10:00:00.123456Z',
        day: '2024-05-01',
        bytes: '/9g=',
        float: null,
        price: 12.34,
      },
      {
        large: 5,
        time: '1969-12-31T23:59:59.999Z',
        micros: '1969-12-31T23:59:59.999999Z',
        day: '1960-02-29',
        bytes: 'text',
        float: 'Infinity',
        price: -0.05,
      },
    ]);
  });

  it('that is cut off or damaged ends with one error that names it', async () => {
    await roundTrip([{ prompt: 'Q', chosen: 'a', rejected: 'b' }]);
    const bytes = readFileSync(file);
    for (const damaged of [
      bytes.subarray(0, bytes.length - 9),
      bytes.subarray(0, 12),
      Buffer.concat([bytes.subarray(0, 8), bytes.subarray(30)]),
    ]) {
      writeFileSync(file, damaged);
      await expect(read()).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining(`${file} is Parquet, and `),
      });
    }
  });

  it('is not written if a row cannot be written, and the old file stays', async () => {
    await roundTrip([{ a: 'old' }]);
    const rows = [{ a: 'new' }, { a: '\udc80' }];
    await expect(writeParquet(rows, file, [{ name: 'a', type: 'text' }], { groupRows: 1 })).rejects.toMatchObject({
      code: 'not-unicode',
    });
    expect((await read()).map(({ value }) => value)).toEqual([{ a: 'old' }]);
  });
});

describe('written JSON Lines', () => {
  it('hold one row per line; an aborted write leaves no file', async () => {
    const target = path.join(folder, 'rows.jsonl');
    expect(await writeJsonLines(['{"a":1}', '{"b":"é"}'], target)).toBe(2);
    expect(readFileSync(target, 'utf8')).toBe('{"a":1}\n{"b":"é"}\n');
    await expect(writeJsonLines(['{}'], target, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(readFileSync(target, 'utf8')).toBe('{"a":1}\n{"b":"é"}\n');
  });
});
