import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/*
 * A write may write a part of its bytes and report no error, for example on a disk that is nearly full. `writeFile` and
 * `appendFile` of Node go on then; `write` does not. These functions do.
 */

/** Writes all bytes at a position of a file. Errors are Node's file errors. */
export async function writeAll(
  file: Pick<FileHandle, 'write'>,
  bytes: NodeJS.ArrayBufferView,
  position: number,
): Promise<void> {
  const { byteLength } = bytes;
  const all = new Uint8Array(bytes.buffer, bytes.byteOffset, byteLength);
  for (let done = 0; done < byteLength;)
    done += (await file.write(all, done, byteLength - done, position + done)).bytesWritten;
}

/** Writes all bytes at the end of what was written to a descriptor. Errors are Node's file errors. */
export function writeAllSync(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}
