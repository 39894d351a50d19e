import type { FileHandle } from 'node:fs/promises';

/**
 * Fills `buffer` with the bytes from `position` on; returns their number, which is smaller only at the end of the file.
 */
export async function readInto(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
