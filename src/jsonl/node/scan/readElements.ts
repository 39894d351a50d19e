import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { fileError } from '../../../base/node/fileError';
import { type ElementPart, ElementParts } from '../../elementPart';
import { elementsOf } from '../../newIndex';
import type { RowLayout } from '../../rowIndex';

/** An open file whose elements are to be found. */
export interface ElementTask {
  readonly fd: number;
  /** Names the file in errors. */
  readonly name: string;
  readonly layout: Exclude<RowLayout, 'lines'>;
  /** Bytes that the file has at least. */
  readonly size: number;
}

/** Bytes read at a time, and of a part. */
const chunkBytes = 1 << 17;
const partBytes = 1 << 20;

/**
 * Finds the elements of a file from its first byte to its end, in parts. A file that has shrunk ends without an error.
 *
 * @throws MarginError as `ElementIndex.push` and `ElementIndex.finish`, and those of {@link fileError}; the signal's
 *   reason if aborted
 */
export async function readElements(
  { fd, name, layout, size }: ElementTask,
  signal: AbortSignal,
  report: (part: ElementPart) => void,
): Promise<void> {
  const parts = new ElementParts(elementsOf(layout, name), crc32);
  const buffer = Buffer.alloc(chunkBytes);
  for (let position = 0; ;) {
    const bytes = fill(fd, buffer, position, name);
    parts.push(bytes);
    position += bytes.length;
    const isEnd = bytes.length < chunkBytes;
    if (isEnd && position >= size) parts.finish();
    if (isEnd || position % partBytes === 0) report(parts.take());
    if (isEnd) return;
    if (position % partBytes === 0) await setImmediate();
    signal.throwIfAborted();
  }
}

/** The bytes from a position on; fewer than the buffer takes only at the end of the file. */
function fill(fd: number, buffer: Buffer, position: number, name: string): Buffer {
  let filled = 0;
  try {
    for (let read = -1; read !== 0 && filled < buffer.length; filled += read)
      read = readSync(fd, buffer, filled, buffer.length - filled, position + filled);
  } catch (error) {
    throw fileError(error, 'read', name);
  }
  return buffer.subarray(0, filled);
}
