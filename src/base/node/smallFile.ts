import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { MarginError } from '../pure/marginError';
import { fileError } from './fileError';

/**
 * Opens a regular file for reading. A FIFO, a device, a socket or a folder is refused at once: reading one may block for
 * ever, never end, or act on hardware.
 *
 * @throws MarginError `not-a-file`, and those of {@link fileError}
 */
export async function openRegular(path: string): Promise<FileHandle> {
  try {
    // Opening a device may act on it, so its kind is asked first; the second look closes the gap between the two calls.
    refuseSpecial(path, await stat(path));
    // O_NONBLOCK: a FIFO that took the file's place in between must not block. Windows has no such flag, and no FIFOs here.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      refuseSpecial(path, await file.stat());
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

/**
 * The bytes of a small file that others may have written: a regular file of at most `maxBytes` bytes.
 *
 * @throws MarginError `not-a-file` | `too-large`, and those of {@link fileError}
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<Buffer> {
  const file = await openRegular(path);
  try {
    if ((await file.stat()).size > maxBytes) throw tooLarge(path, maxBytes);
    // Read by chunks, since files of /proc claim no size and any file may grow meanwhile.
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, null);
      if (bytesRead === 0) return Buffer.concat(chunks, length);
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
      if (length > maxBytes) throw tooLarge(path, maxBytes);
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file.close();
  }
}

const chunkBytes = 1 << 16;

function refuseSpecial(path: string, info: { isFile(): boolean; isDirectory(): boolean }): void {
  if (info.isFile()) return;
  const what = info.isDirectory() ? 'a folder' : 'not a regular file (a pipe, device or socket)';
  throw new MarginError('not-a-file', `${path} is ${what}. Name a regular file.`, { path });
}

function tooLarge(path: string, maxBytes: number): MarginError {
  const limit = maxBytes < 1 << 20 ? `${Math.floor(maxBytes / 1024)} KB` : `${Math.floor(maxBytes / (1 << 20))} MB`;
  return new MarginError('too-large', `${path} is larger than ${limit}, so it is not read: no file of its kind is that large.`, { path, maxBytes });
}
