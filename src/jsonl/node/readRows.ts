import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { concatBytes } from '../bytes';
import type { Container, Packing, Utf16 } from '../containers/container';
import { LineRows } from '../containers/lineRows';
import type { RowSplitter, RowText } from '../containers/rowText';
import { Utf16ToUtf8 } from '../containers/utf16';
import { ElementSplitter } from '../elementSplitter';
import { containerOf, headBytes } from '../fileKind';
import { CsvRows } from './containers/csvRows';
import { parquetRows } from './containers/parquetRows';
import { type Place, unpack } from './containers/unpack';

const chunkBytes = 1 << 18;

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
    for await (const rows of rowsOf(chunksOf(handle, file, signal), place, handle, [])) {
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

/** The bytes of a file from its start. All chunks share one buffer. */
async function* chunksOf(
  handle: FileHandle,
  file: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(chunkBytes);
  for (let position = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position).catch((error: unknown) => {
      throw fileError(error, 'read', file);
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

/**
 * The rows of a stream of bytes.
 *
 * @param handle the file; its bytes need not be those of the stream
 * @param inside the wrappings that were removed, the outermost first
 */
async function* rowsOf(
  chunks: AsyncIterable<Uint8Array>,
  place: Place,
  handle: FileHandle,
  inside: readonly (Packing | Utf16)[],
): AsyncGenerator<RowText[]> {
  const { head, whole, all } = await withHead(chunks);
  const container = containerOf(head, whole, place.file);
  switch (container.kind) {
    case 'gzip':
    case 'zstd':
      if (inside.length > 0) throw wrapped(place.file, container, inside);
      return yield* rowsOf(unpack(container.kind, all, place), place, handle, [container.kind]);
    case 'utf-16le':
    case 'utf-16be':
      if (inside.some((kind) => kind === 'utf-16le' || kind === 'utf-16be'))
        throw wrapped(place.file, container, inside);
      return yield* rowsOf(asUtf8(container.kind, all, place.file), place, handle, [...inside, container.kind]);
    case 'parquet':
      if (inside.length > 0) throw wrapped(place.file, container, inside);
      return yield* parquetRows(handle, place.file);
    case 'csv':
      return yield* split(all, new CsvRows(place.file, container.delimiter));
    case 'array':
    case 'objects':
      return yield* split(all, new ElementSplitter(place.file));
    case 'lines':
      return yield* split(all, new LineRows(place.file));
  }
}

async function* split(chunks: AsyncIterable<Uint8Array>, splitter: RowSplitter): AsyncGenerator<RowText[]> {
  for await (const chunk of chunks) yield splitter.push(chunk);
  yield splitter.end();
}

async function* asUtf8(encoding: Utf16, chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const converter = new Utf16ToUtf8(encoding, file);
  for await (const chunk of chunks) yield converter.push(chunk);
  yield converter.end();
}

interface Headed {
  readonly head: Uint8Array;
  /** Whether `head` is the whole stream. */
  readonly whole: boolean;
  /** The stream from its start. */
  readonly all: AsyncIterable<Uint8Array>;
}

/** Takes enough bytes from the start of a stream to decide its kind. */
async function withHead(chunks: AsyncIterable<Uint8Array>): Promise<Headed> {
  const iterator = chunks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  let done = false;
  // One more byte shows whether the head is the whole stream.
  while (!done && length <= headBytes) {
    const next = await iterator.next();
    done = next.done === true;
    if (next.done !== true) {
      parts.push(new Uint8Array(next.value));
      length += next.value.length;
    }
  }
  const start = concatBytes(parts);
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield start;
      if (!done) yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  };
  return { head: start.subarray(0, headBytes), whole: length <= headBytes, all: all() };
}

function wrapped(file: string, { kind }: Container, inside: readonly string[]): MarginError {
  const message = `${file} holds ${kind} inside ${inside.join(' and ')}, which Margin does not read: unpack it first.`;
  return new MarginError('not-json-lines', message, { file });
}
