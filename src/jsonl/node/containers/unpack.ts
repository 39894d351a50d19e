import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { at } from '../../../base/pure/must';
import { errorMessage, MarginError } from '../../../base/pure/marginError';
import type { Packing } from '../../containers/container';

/**
 * Compressed bytes that are unpacked at a time. A block of zstd has at least 4 bytes and gives at most 128 KB, so this
 * many bytes give at most 64 MB.
 */
const zstdSlice = 2048;
/** The largest window that the library supports; `zstd` makes larger ones only with `--ultra` or `--long`. */
const maxWindow = 1 << 25;
/** Unpacked bytes that gunzip gives at a time. */
const unpackedBytes = 1 << 18;

/** What is known while a packed file is read, for its errors. */
export interface Place {
  readonly file: string;
  /** The last line or row that was read; 0 before the first. */
  line: number;
}

/**
 * Unpacks a stream, a chunk at a time, so that neither the file nor its unpacked text is ever in memory as a whole. A
 * file may consist of several packed parts, one after the other. Line length is limited later, where lines are split.
 *
 * @throws MarginError `damaged` for bytes that cannot be unpacked, and for a file that ends early
 */
export async function* unpack(
  packing: Packing,
  chunks: AsyncIterable<Uint8Array>,
  place: Place,
): AsyncGenerator<Uint8Array> {
  try {
    yield* packing === 'gzip' ? gunzip(chunks) : unzstd(chunks);
  } catch (error) {
    if (error instanceof MarginError || !(error instanceof Error) || error.name === 'AbortError') throw error;
    throw damaged(packing, error, place);
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // An error of either stream ends the iteration below, which throws it.
  yield* pipeline(Readable.from(copied(chunks)), createGunzip({ chunkSize: unpackedBytes }), () => undefined);
}

/** The stream reads ahead, and the chunks may share one buffer. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let first = true;
  let ready: Uint8Array[] = [];
  const stream = new Decompress((bytes) => ready.push(bytes));
  const taken = (): Uint8Array[] => {
    const bytes = ready;
    ready = [];
    return bytes;
  };
  for await (const chunk of chunks) {
    if (first && windowOf(chunk) > maxWindow) throw new Error('window');
    first = false;
    for (let start = 0; start < chunk.length; start += zstdSlice) {
      // The stream keeps what it cannot unpack yet, and the caller may reuse the chunk.
      stream.push(new Uint8Array(chunk.subarray(start, start + zstdSlice)));
      yield* taken();
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* taken();
}

/**
 * The window of a zstd frame: how many unpacked bytes the decoder keeps (RFC 8878, section 3.1.1.1). 0 if the header is
 * incomplete. A frame without a window keeps all bytes.
 */
function windowOf(head: Uint8Array): number {
  const [, , , , flags, window] = head;
  // A skippable frame may come first.
  if (flags === undefined || window === undefined || head.length < 18 || head[0] !== 0x28) return 0;
  if ((flags & 0x20) === 0) return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  const dictionary = at([0, 1, 2, 4], flags & 3);
  const bytes = at([1, 2, 4, 8], flags >> 6);
  return Buffer.from(head).readUIntLE(5 + dictionary, Math.min(6, bytes));
}

function damaged(packing: Packing, error: Error, { file, line }: Place): MarginError {
  const reason = errorMessage(error);
  const window = /window|too far/i.test(reason);
  const where = line === 0 ? 'before its first row' : `after line ${line}`;
  const message = window
    ? `${file} is compressed with a zstd window of more than 32 MB, which Margin does not unpack: unpack it first (zstd -d --long=31).`
    : `${file} is damaged ${where}: its ${packing} data cannot be unpacked (${reason}). Download or compress it again.`;
  return new MarginError('damaged', message, { file, line });
}
