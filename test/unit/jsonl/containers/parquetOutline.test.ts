import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { lookAtFile } from '../../../../src/host/datasets/lookAtFile';
import { RowTally } from '../../../../src/host/datasets/rowTally';
import { parquetOutline } from '../../../../src/jsonl/node/containers/parquetOutline';
import { detectAll } from '../../../../src/pairs/reading';
import { temporaryFolder } from '../../run/temporaryFolder';

interface Written {
  readonly file: string;
  readonly bytes: Buffer;
}

async function written(name: string, chosen: readonly unknown[]): Promise<Written> {
  const columnData = [
    { name: 'prompt', data: chosen.map((_, i) => `Question ${i}?`) },
    { name: 'chosen', data: [...chosen] },
    { name: 'rejected', data: chosen.map((_, i) => `No ${i}.`) },
  ];
  const bytes = Buffer.from(parquetWriteBuffer({ columnData }));
  const file = path.join(await temporaryFolder(), name);
  writeFileSync(file, bytes);
  return { file, bytes };
}

it('the list of datasets shows a Parquet file by its footer, and counts its rows there', async () => {
  const { file } = await written('pairs.parquet', ['Yes.', 'Sure.', 'Of course.']);
  expect(await parquetOutline(file)).toEqual({
    rows: 3,
    columns: ['prompt', 'chosen', 'rejected'],
    example: '{"prompt":"text","chosen":"text","rejected":"text"}',
  });
  expect(await lookAtFile(file, detectAll)).toMatchObject({ kind: 'pairs' });
  expect(await new RowTally(file, detectAll).advance(new AbortController().signal)).toEqual({
    rows: 3,
    problems: null,
  });
});

it('the list of datasets reads no pages, so damaged ones do no harm', async () => {
  const { file, bytes } = await written('damaged.parquet', ['Yes.', 'Sure.', 'Of course.']);
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  bytes.fill(0xff, 4, footer);
  writeFileSync(file, bytes);
  expect(await lookAtFile(file, detectAll)).toMatchObject({ kind: 'pairs' });
});

it('a footer longer than 64 MB is refused before it is read', async () => {
  const { file, bytes } = await written('long.parquet', ['Yes.']);
  bytes.writeUInt32LE(2 ** 31, bytes.length - 8);
  writeFileSync(file, bytes);
  await expect(parquetOutline(file)).rejects.toThrow(/its footer cannot be read .*2147483648 bytes/);
});
