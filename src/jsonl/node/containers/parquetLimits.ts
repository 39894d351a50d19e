import type { AsyncBuffer, ColumnChunk, Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompress as unzstd } from 'fzstd';

/**
 * Limits for Parquet that is damaged or made to do harm. Sizes in it are only claims, and a reader that believes them
 * fills the memory. Writers make pages of about 1 MB.
 */

/** Most bytes that a page may unpack to. */
const maxPageBytes = 256 << 20;
/** Most bytes that the pages of a column may unpack to in one row group. */
const maxColumnBytes = 2 * 2 ** 30;
/** Most values of a page: 67 million. */
const maxPageValues = 1 << 26;

/** A header of a page takes far less, unless its statistics hold long texts. */
const headerBytes = [1 << 12, 1 << 20];

/**
 * Checks what a column of a row group claims, before any of it is unpacked: that its bytes are in the file, and that
 * each page is within the limits.
 *
 * @throws Error that says what is wrong
 */
export async function checkColumn(buffer: AsyncBuffer, { meta_data: column }: ColumnChunk): Promise<void> {
  if (!column) throw new Error('the footer does not say where it is');
  const { dictionary_page_offset: dictionary, data_page_offset: data } = column;
  const first = dictionary && dictionary < data ? dictionary : data;
  const end = Number(first + column.total_compressed_size);
  if (!(first >= 0n && end >= first && end <= buffer.byteLength))
    throw new Error('the footer names bytes that the file does not have');
  let [position, unpacked, values] = [Number(first), 0, 0];
  // The library stops one byte early in the same way.
  while (position < end - 1) {
    const page = await pageAt(buffer, position, end);
    position = page.end;
    unpacked += page.unpacked;
    values += page.values;
    if (unpacked > maxColumnBytes) throw new Error(`its pages unpack to more than ${maxColumnBytes / 2 ** 30} GB`);
    if (values > Number(column.num_values)) throw new Error('its pages have more values than its footer says');
  }
}

interface Page {
  /** Where its bytes end. */
  readonly end: number;
  readonly unpacked: number;
  /** Values of a data page; 0 for a dictionary. */
  readonly values: number;
}

async function pageAt(buffer: AsyncBuffer, start: number, end: number): Promise<Page> {
  const { header, length } = await headerAt(buffer, start, end);
  const { uncompressed_page_size: unpacked, compressed_page_size: packed } = header;
  const data = header.data_page_header ?? header.data_page_header_v2;
  const count = data?.num_values ?? header.dictionary_page_header?.num_values ?? 0;
  const next = start + length + packed;
  if (!(packed >= 0 && next <= end)) throw new Error('a page says that it is longer than its column');
  if (!(unpacked >= 0 && unpacked <= maxPageBytes))
    throw new Error(`a page says that it unpacks to ${unpacked} bytes; the limit is ${maxPageBytes >> 20} MB`);
  if (!(count >= 0 && count <= maxPageValues))
    throw new Error(`a page says that it has ${count} values; the limit is ${maxPageValues}`);
  // A value of a dictionary takes a bit at least.
  if (!data && count > unpacked * 8) throw new Error('its dictionary has more values than bits');
  const { definition_levels_byte_length: definition = 0, repetition_levels_byte_length: repetition = 0 } =
    header.data_page_header_v2 ?? {};
  if (!(definition >= 0 && repetition >= 0 && definition + repetition <= packed))
    throw new Error('the levels of a page are longer than the page');
  return { end: next, unpacked, values: data ? count : 0 };
}

async function headerAt(
  buffer: AsyncBuffer,
  start: number,
  end: number,
): Promise<{ readonly header: ReturnType<typeof parquetHeader>; readonly length: number }> {
  let failure: unknown;
  for (const most of headerBytes) {
    const reader = { view: new DataView(await buffer.slice(start, Math.min(end, start + most))), offset: 0 };
    try {
      const header = parquetHeader(reader);
      return { header, length: reader.offset };
    } catch (error) {
      // It may be longer than this part.
      failure = error;
    }
  }
  throw failure;
}

/** The library's decompressors, which give no page larger than the limit, whatever its compressed bytes say. */
export const limitedCompressors: Compressors = Object.fromEntries(
  Object.entries({
    ...compressors,
    // Without a buffer it believes the size that the compressed bytes name.
    ZSTD: (input: Uint8Array, length: number) => unzstd(input, new Uint8Array(length)),
  }).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, length: number): Uint8Array => {
      if (!(length >= 0 && length <= maxPageBytes)) throw new Error(`a page says that it unpacks to ${length} bytes`);
      return unpack(input, length);
    },
  ]),
);
