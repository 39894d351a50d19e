import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../../base/node/smallFile';
import { LineRows } from '../containers/lineRows';
import type { RowSplitter, RowText } from '../containers/rowText';
import { ElementSplitter } from '../elementSplitter';
import { CsvRows } from '../containers/csvRows';
import { parquetRows } from './containers/parquetRows';
import type { Place } from './containers/unpack';
import { unwrapped } from './containers/unwrap';

/**
 * Reads the rows of a file in order, a chunk at a time: JSON Lines, JSON arrays, CSV, TSV, Parquet. All but Parquet may
 * also be UTF-16, or packed with gzip or zstd. The content decides the kind.
 *
 * @throws MarginError `missing`, `not-a-file`, `not-readable`; `not-json-lines` for another kind of file; `damaged`,
 *   `line-too-long`, `row-too-long`, `csv-header`, `csv-open-quote`, `not-utf16`, `json-syntax`, `gap-too-long`; the
 *   signal's reason if aborted
 */
export async function* readRows(file: string, signal?: AbortSignal): AsyncGenerator<readonly RowText[]> {
  const handle = await openRegular(file);
  try {
    const place: Place = { file, line: 0 };
    for await (const rows of rowsOf(handle, place, signal)) {
      place.line = rows.at(-1)?.line ?? place.line;
      yield rows;
    }
  } finally {
    await handle.close();
  }
}

/** The first rows of a file, at most `count`. @throws MarginError as {@link readRows} */
export async function firstRows(file: string, count: number): Promise<RowText[]> {
  const first: RowText[] = [];
  for await (const rows of readRows(file)) {
    first.push(...rows.slice(0, count - first.length));
    if (first.length >= count) break;
  }
  return first;
}

async function* rowsOf(handle: FileHandle, place: Place, signal: AbortSignal | undefined): AsyncGenerator<RowText[]> {
  const { container, chunks } = await unwrapped(handle, place, signal);
  switch (container.kind) {
    case 'parquet':
      return yield* parquetRows(place.file, signal ? { signal } : {});
    case 'csv':
      return yield* split(chunks, new CsvRows(place.file, container.delimiter));
    case 'array':
    case 'objects':
      return yield* split(chunks, new ElementSplitter(place.file));
    case 'lines':
      return yield* split(chunks, new LineRows(place.file));
  }
}

async function* split(chunks: AsyncIterable<Uint8Array>, splitter: RowSplitter): AsyncGenerator<RowText[]> {
  for await (const chunk of chunks) yield splitter.push(chunk);
  yield splitter.end();
}
