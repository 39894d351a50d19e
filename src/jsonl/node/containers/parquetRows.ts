import type { FileHandle } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { RowText } from '../../containers/rowText';
import { attempt, readFooter } from './parquetFooter';
import { jsonOf, parsers } from './parquetJson';

/** Unpacked bytes of a row group that are read together. A larger group is read in parts. */
const maxGroupBytes = 64 << 20;
/** Each part reads the columns of its group again up to its rows, so a group has no more parts than this. */
const maxParts = 16;

/**
 * The rows of a Parquet file, one row group at a time; a row group of more than 64 MB comes in up to 16 parts. The
 * number of a row counts from 1.
 *
 * @throws MarginError `damaged` with the rows that cannot be read
 */
export async function* parquetRows(handle: FileHandle, file: string): AsyncGenerator<RowText[]> {
  const { buffer, metadata } = await readFooter(handle, file);
  let start = 0;
  for (const { num_rows: rows, total_byte_size: bytes } of metadata.row_groups) {
    const end = start + Number(rows);
    const step = Math.max(
      1,
      Math.ceil((end - start) / Math.min(maxParts, Math.ceil(Number(bytes) / maxGroupBytes) || 1)),
    );
    for (; start < end; start += step) yield await part(buffer, metadata, file, start, Math.min(start + step, end));
    start = end;
  }
}

async function part(
  buffer: AsyncBuffer,
  metadata: FileMetaData,
  file: string,
  rowStart: number,
  rowEnd: number,
): Promise<RowText[]> {
  const what = `rows ${rowStart + 1} to ${rowEnd}`;
  return attempt(file, what, async () => {
    const options = {
      file: buffer,
      metadata,
      compressors,
      parsers,
      utf8: false,
      geoparquet: false,
      useOffsetIndex: true,
    };
    const rows = await parquetReadObjects({ ...options, rowStart, rowEnd });
    if (rows.length !== rowEnd - rowStart) throw new Error(`${rows.length} rows instead of ${rowEnd - rowStart}`);
    return rows.map((row, i) => ({ line: rowStart + i + 1, text: jsonOf(row) }));
  });
}
