import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../../base/node/smallFile';
import type { MarginError } from '../../base/pure/marginError';
import { containerOf, headBytes } from '../fileKind';
import { lineTooLong, maxLineBytes } from '../lineScanner';
import { readInto } from './readBytes';

/** A part of a file: the lines that begin in it. Offsets in bytes; `to` is the first one after it. */
export interface LineBlock {
  readonly from: number;
  readonly to: number;
}

/** The lines of a block. */
export interface BlockLines {
  /** Whole lines with their line ends; the last line of the file may lack it. */
  readonly bytes: Uint8Array;
  /** Whether another line begins in the block that is longer than {@link maxLineBytes}. */
  readonly tooLong: boolean;
}

/** A file whose blocks are read. */
export interface OpenLines {
  readonly handle: FileHandle;
  readonly blocks: readonly LineBlock[];
  /** The error for a line, from 1, that is too long. */
  tooLong(line: number): MarginError;
}

/** Large enough that a thread is busy for milliseconds, small enough that all threads end at about the same time. */
const blockBytes = 1 << 18;
/** Bytes read beyond a block; most lines that begin in the block end within them. */
const tailBytes = 1 << 14;
const lf = 10;
const bom = [0xef, 0xbb, 0xbf];

/**
 * Opens a file of JSON Lines whose blocks several threads read.
 *
 * @param leastBytes null is returned for a smaller file, and for any other kind of file
 * @throws MarginError `missing`, `not-a-file`, `not-readable`; `not-json-lines` for a kind of file that is not read
 */
export async function openLines(file: string, leastBytes: number): Promise<OpenLines | null> {
  const handle = await openRegular(file);
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(size, headBytes));
    const read = await readInto(handle, head, 0);
    if (size >= leastBytes && containerOf(head.subarray(0, read), size <= headBytes, file).kind === 'lines')
      return { handle, blocks: blocksOf(size), tooLong: (line) => lineTooLong(file, line) };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return null;
}

/** Cuts a file into blocks that are longer than a byte order mark. */
export function blocksOf(size: number, bytes = blockBytes): LineBlock[] {
  return Array.from({ length: Math.ceil(size / bytes) }, (_, i) => ({
    from: i * bytes,
    to: Math.min(size, (i + 1) * bytes),
  }));
}

/**
 * Reads the lines that begin in a block. A line that ends after the block is read to its end.
 *
 * @param handle the descriptor of the file; another thread may have opened it
 */
export function readBlock(handle: number, { from, to }: LineBlock, limit = maxLineBytes): BlockLines {
  // The byte before the block shows whether a line begins at its first byte.
  const before = Math.min(from, 1);
  const size = to - from + before;
  const own = readAt(handle, from - before, size + tailBytes);
  const start = from === 0 ? bomLength(own) : own.indexOf(lf) + 1;
  if ((from > 0 && start === 0) || start >= size) return { bytes: own.subarray(0, 0), tooLong: false };
  const found = own.indexOf(lf, Math.max(start, size - 1)) + 1;
  const isWhole = found > 0 || own.length < size + tailBytes;
  const end = found > 0 ? found : own.length;
  const last = Math.max(start, own.lastIndexOf(lf, found > 0 ? end - 2 : end) + 1);
  if (isWhole && end - last - (found > 0 ? 1 : 0) <= limit) return { bytes: own.subarray(start, end), tooLong: false };
  const rest = isWhole ? null : readOn(handle, from - before + end, own.subarray(last), limit);
  if (rest === null) return { bytes: own.subarray(start, last), tooLong: true };
  return { bytes: Buffer.concat([own.subarray(start, last), rest]), tooLong: false };
}

/** The rest of a line from `position` on, after the start of it; null if the line is too long. */
function readOn(handle: number, position: number, start: Buffer, limit: number): Buffer | null {
  const parts = [start];
  let length = start.length;
  for (;;) {
    const step = readAt(handle, position + length - start.length, blockBytes);
    const end = step.indexOf(lf);
    if (length + (end < 0 ? step.length : end) > limit) return null;
    parts.push(end < 0 ? step : step.subarray(0, end + 1));
    if (end >= 0 || step.length === 0) return Buffer.concat(parts);
    length += step.length;
  }
}

/** `count` bytes, or fewer at the end of the file. */
function readAt(handle: number, position: number, count: number): Buffer {
  const buffer = Buffer.allocUnsafe(count);
  let filled = 0;
  while (filled < count) {
    const read = readSync(handle, buffer, filled, count - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}

function bomLength(bytes: Uint8Array): number {
  return bom.every((byte, i) => bytes[i] === byte) ? bom.length : 0;
}
