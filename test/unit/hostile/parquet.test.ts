import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { type ParquetOptions, parquetRows } from '../../../src/jsonl/node/containers/parquetRows';
import { temporaryFolder } from '../jsonl/temporaryFolder';

const folder = temporaryFolder();
const file = path.join(folder, 'rows.parquet');
const texts = Array.from({ length: 100 }, (_, i) => `Answer ${i % 7} of many words, many words, many words`);

/** Numbers of the fields in a page's header (parquet.thrift). */
interface Claims {
  readonly unpacked?: number;
  readonly packed?: number;
  readonly dictionaryValues?: number;
}

/** Writes a file of two columns. The first page of the second, a dictionary, makes false claims. */
function writeClaims(claims: Claims): void {
  const columnData = ['chosen', 'rejected'].map((name) => ({ name, data: texts }));
  const bytes = Buffer.from(parquetWriteBuffer({ columnData, statistics: false }));
  const [group] = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)).row_groups;
  const column = must(group?.columns[1]?.meta_data, 'the second column');
  const start = Number(column.dictionary_page_offset ?? column.data_page_offset);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const reader = { view, offset: 0 };
  const header = parquetHeader(reader);
  const dictionary = must(header.dictionary_page_header, 'the dictionary');
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer, {
    field_1: 2,
    field_2: claims.unpacked ?? header.uncompressed_page_size,
    field_3: claims.packed ?? header.compressed_page_size,
    field_7: { field_1: claims.dictionaryValues ?? dictionary.num_values, field_2: 0 },
  });
  const written = writer.getBytes();
  const rest = bytes.subarray(start + reader.offset);
  writeFileSync(file, Buffer.concat([bytes.subarray(0, start), written, rest]));
}

async function read(options: ParquetOptions = {}): Promise<number> {
  let count = 0;
  for await (const rows of parquetRows(file, options)) count += rows.length;
  return count;
}

describe('a Parquet file that makes false claims', () => {
  it.each<[string, Claims, RegExp]>([
    ['a page that unpacks to 2 GB', { unpacked: 2 ** 31 - 1 }, /unpacks to 2147483647 bytes; the limit is 256 MB/],
    ['a page of less than nothing', { unpacked: -5 }, /unpacks to -5 bytes/],
    ['a page longer than the file', { packed: 2 ** 30 }, /longer than its column/],
    ['a page that goes backwards', { packed: -20 }, /longer than its column/],
    ['a dictionary of a billion values', { dictionaryValues: 2 ** 30 }, /1073741824 values; the limit is 67108864/],
    ['a dictionary larger than its bytes', { dictionaryValues: 2 ** 20 }, /more values than bits/],
  ])('%s is refused before it is unpacked, with row group and column', async (_, claims, reason) => {
    writeClaims(claims);
    await expect(read()).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(
        new RegExp(`rows\\.parquet is Parquet, and row group 1, column rejected cannot be read \\(.*${reason.source}`),
      ),
    });
  });

  it('true claims are read', async () => {
    writeClaims({});
    expect(await read()).toBe(100);
  });

  it('values that fill the memory end their process and no other: the error names row group and column', async () => {
    // A column of one value takes a few bytes, however many rows it has.
    const columnData = ['chosen', 'rejected'].map((name) => ({ name, data: Array<string>(1_000_000).fill('a') }));
    writeFileSync(file, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 1_000_000 })));
    expect(readFileSync(file).length).toBeLessThan(100_000);
    await expect(read({ maxMemory: 40 })).rejects.toMatchObject({
      code: 'parquet-too-large',
      message: expect.stringMatching(/rows 1 to 1000000 \(row group 1, column chosen\) cannot be read with 40 MB/),
    });
  });

  it('a run of values without end is stopped in its process', async () => {
    const data = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? null : `text ${i}`));
    const bytes = Buffer.from(
      parquetWriteBuffer({ columnData: [{ name: 'chosen', data }], codec: 'UNCOMPRESSED', statistics: false }),
    );
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset), offset: 4 };
    const { data_page_header_v2: header } = parquetHeader(reader);
    expect(header?.num_values).toBe(100);
    // The definition levels: a run that repeats the next byte 2^29 times.
    Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x01]).copy(bytes, reader.offset);
    writeFileSync(file, bytes);
    await expect(read({ maxMemory: 60 })).rejects.toMatchObject({
      code: 'parquet-too-large',
      message: expect.stringMatching(/rows 1 to 100 \(row group 1, column chosen\) cannot be read/),
    });
  });

  it('a reading that is aborted ends at once', async () => {
    writeClaims({});
    const controller = new AbortController();
    const reading = read({ signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(reading).rejects.toThrow('stop');
  });
});
