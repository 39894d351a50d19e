import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../../../base/node/fileError';
import { MarginError } from '../../../base/pure/marginError';
import { concatBytes } from '../../bytes';
import type { Container, Inside, Packing, Utf16 } from '../../containers/container';
import { Utf16ToUtf8 } from '../../containers/utf16';
import { containerOf, headBytes } from '../../fileKind';
import { type Place, unpack } from './unpack';

const chunkBytes = 1 << 18;

/** What a file holds once gzip, zstd and UTF-16 are taken off. */
export interface Unwrapped {
  readonly container: Inside;
  /** The text in UTF-8 from its start; of Parquet, the bytes of the file. The chunks may share one buffer. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Takes gzip, zstd and UTF-16 off a file, a chunk at a time.
 *
 * @param place named in errors; the caller keeps its line up to date
 * @param onBytes called with the number of bytes read from the file so far
 * @throws MarginError `not-json-lines` for another kind of file, and for Parquet or a packed file inside a packed one;
 *   while chunks are read, `damaged`, `not-utf16`, `not-readable`, or the signal's reason
 */
export async function unwrapped(
  handle: FileHandle,
  place: Place,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<Unwrapped> {
  const inside: (Packing | Utf16)[] = [];
  let chunks: AsyncIterable<Uint8Array> = chunksOf(handle, place.file, signal, onBytes);
  for (;;) {
    const { head, whole, all } = await withHead(chunks);
    const container = containerOf(head, whole, place.file);
    switch (container.kind) {
      case 'gzip':
      case 'zstd':
        if (inside.length > 0) throw wrapped(place.file, container, inside);
        chunks = unpack(container.kind, all, place);
        break;
      case 'utf-16le':
      case 'utf-16be':
        if (inside.some(isUtf16)) throw wrapped(place.file, container, inside);
        chunks = asUtf8(container.kind, all, place.file);
        break;
      case 'parquet':
        if (inside.length > 0) throw wrapped(place.file, container, inside);
        return { container: { kind: 'parquet' }, chunks: all };
      case 'csv':
        return { container, chunks: all };
      case 'lines':
      case 'array':
      case 'objects':
        return { container: { kind: container.kind }, chunks: all };
    }
    inside.push(container.kind);
  }
}

/** The bytes of a file from its start. All chunks share one buffer. */
async function* chunksOf(
  handle: FileHandle,
  file: string,
  signal: AbortSignal | undefined,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(chunkBytes);
  for (let position = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position).catch((error: unknown) => {
      throw fileError(error, 'read', file);
    });
    if (bytesRead === 0) return;
    position += bytesRead;
    onBytes?.(position);
    yield buffer.subarray(0, bytesRead);
  }
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

function isUtf16(kind: string): boolean {
  return kind === 'utf-16le' || kind === 'utf-16be';
}

function wrapped(file: string, { kind }: Container, inside: readonly string[]): MarginError {
  const message = `${file} holds ${kind} inside ${inside.join(' and ')}, which Margin does not read: unpack it first.`;
  return new MarginError('not-json-lines', message, { file });
}
