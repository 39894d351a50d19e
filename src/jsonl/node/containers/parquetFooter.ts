import type { FileHandle } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetMetadata } from 'hyparquet';
import { errorMessage, MarginError } from '../../../base/pure/marginError';
import { readInto } from '../readBytes';
import { checkThrift } from './thriftLimits';

/** Longest footer that is read. A footer takes about 100 bytes for each column of each row group. */
const maxFooterBytes = 64 << 20;
/** The end of a file: the length of its footer, and `PAR1`. */
const endBytes = 8;

export interface Footer {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
}

/**
 * Reads the footer of a Parquet file: its columns, and where its row groups are.
 *
 * @throws MarginError `damaged`
 */
export async function readFooter(handle: FileHandle, file: string): Promise<Footer> {
  const { size } = await handle.stat();
  const end = Buffer.alloc(endBytes);
  const isShort = (await readInto(handle, end, Math.max(0, size - endBytes))) < endBytes;
  const length = end.readUInt32LE(0);
  return attempt(file, 'its footer', async () => {
    if (isShort || length > Math.min(maxFooterBytes, size - endBytes))
      throw new Error(`its end says that it has ${length} bytes`);
    const buffer = bufferOf(handle, size);
    const bytes = new Uint8Array(await buffer.slice(size - endBytes - length, size));
    checkThrift(bytes.subarray(0, length));
    return { buffer, metadata: parquetMetadata(bytes, { geoparquet: false }) };
  });
}

function bufferOf(handle: FileHandle, byteLength: number): AsyncBuffer {
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const bytes = Buffer.alloc(end - start);
    if ((await readInto(handle, bytes, start)) < bytes.length) throw new Error('the file ends early');
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  };
  return {
    byteLength,
    slice(start, end = byteLength) {
      if (!(start >= 0 && end >= start && end <= byteLength))
        throw new Error('it names bytes that the file does not have');
      const bytes = read(start, end);
      // The reader asks for several parts at once. After one has failed, it ignores the errors of the others.
      bytes.catch(() => undefined);
      return bytes;
    },
  };
}

/** Runs a part of the reading. @throws MarginError `damaged`, which names the part, for any error */
export async function attempt<T>(file: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MarginError) throw error;
    const message = `${file} is Parquet, and ${what} cannot be read (${errorMessage(error)}). Download or write the file again.`;
    throw new MarginError('damaged', message, { file });
  }
}
