import type { FileHandle } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetReadObjects, parquetSchema, type RowGroup } from 'hyparquet';
import { at } from '../../../base/pure/must';
import type { RowText } from '../../containers/rowText';
import { attempt, readFooter } from './parquetFooter';
import { jsonOf, parsers } from './parquetJson';
import { checkColumn, limitedCompressors } from './parquetLimits';

/** Unpacked bytes of a row group that are read together. A larger group is read in parts. */
const maxGroupBytes = 64 << 20;
/** Each part reads the columns of its group again up to its rows, so a group has no more parts than this. */
const maxParts = 16;

interface Part {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly file: string;
  /** The first row, and the one after the last, from 0. */
  readonly rowStart: number;
  readonly rowEnd: number;
  /** What the part is, for errors. */
  readonly name: string;
}

/** Called before each read, with the name of what is read. */
type Begins = (what: string) => Promise<void>;

/**
 * The rows of a Parquet file, one row group at a time; a row group of more than 64 MB comes in up to 16 parts. The
 * number of a row counts from 1. It may take much memory for a file that is made to do so: call `parquetRows`.
 *
 * @throws MarginError `damaged` with the rows, row group and column that cannot be read
 */
export async function* parquetParts(handle: FileHandle, file: string, begins: Begins): AsyncGenerator<RowText[]> {
  const { buffer, metadata } = await readFooter(handle, file);
  let start = 0;
  for (const [i, group] of metadata.row_groups.entries()) {
    const end = start + Number(group.num_rows);
    await checkGroup(buffer, group, file, i);
    const parts = Math.min(maxParts, Math.ceil(Number(group.total_byte_size) / maxGroupBytes) || 1);
    const step = Math.max(1, Math.ceil((end - start) / parts));
    for (; start < end; start += step) {
      const rowEnd = Math.min(start + step, end);
      const name = `rows ${start + 1} to ${rowEnd} (row group ${i + 1}`;
      yield await rowsOf({ buffer, metadata, file, rowStart: start, rowEnd, name }, begins);
    }
    start = end;
  }
}

async function checkGroup(buffer: AsyncBuffer, group: RowGroup, file: string, index: number): Promise<void> {
  for (const column of group.columns) {
    const name = column.meta_data?.path_in_schema.join('.') ?? '?';
    await attempt(file, `row group ${index + 1}, column ${name}`, () => checkColumn(buffer, column));
  }
}

/** Reads column by column, so that an error can name the column. */
async function rowsOf(part: Part, begins: Begins): Promise<RowText[]> {
  const { buffer, metadata, file, rowStart, rowEnd } = part;
  const count = rowEnd - rowStart;
  const options = { file: buffer, metadata, compressors: limitedCompressors, parsers, utf8: false, geoparquet: false };
  let rows: Record<string, unknown>[] | null = null;
  for (const { element } of parquetSchema(metadata).children) {
    const { name } = element;
    const what = `${part.name}, column ${name})`;
    await begins(what);
    const read = await attempt(file, what, async () => {
      const found = await parquetReadObjects({ ...options, useOffsetIndex: true, columns: [name], rowStart, rowEnd });
      if (found.length !== count) throw new Error(`${found.length} rows instead of ${count}`);
      return found;
    });
    if (rows) for (const [i, row] of rows.entries()) row[name] = at(read, i)[name];
    else rows = read;
  }
  return (rows ?? []).map((row, i) => ({ line: rowStart + i + 1, text: jsonOf(row) }));
}
