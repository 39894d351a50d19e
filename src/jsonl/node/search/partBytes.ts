import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { fileError } from '../../../base/node/fileError';
import { haveSums } from '../../blockSums';
import type { SearchPart } from './searchPlan';

/** Reads the bytes of parts in a thread, with a buffer that it keeps. */
export class PartBytes {
  private buffer = Buffer.allocUnsafeSlow(1 << 21);

  /**
   * The bytes of a part, which stay until the next call; null if they are not those of the index.
   *
   * @param fd the open file, which all threads of the process share
   * @param name names the file in errors
   */
  of(fd: number, name: string, { start, end, sums }: Extract<SearchPart, { kind: 'bytes' }>): Buffer | null {
    const bytes = this.read(fd, name, start, end);
    return bytes.length === end - start && haveSums(bytes, sums, crc32) ? bytes : null;
  }

  /** The bytes `start … end - 1`, or fewer at the end of the file. */
  private read(fd: number, name: string, start: number, end: number): Buffer {
    const length = end - start;
    // A long row is the exception: its buffer is not kept.
    const buffer = length <= this.buffer.length ? this.buffer : Buffer.allocUnsafeSlow(length);
    try {
      for (let filled = 0; ;) {
        const count = readSync(fd, buffer, filled, length - filled, start + filled);
        filled += count;
        if (count === 0 || filled === length) return buffer.subarray(0, filled);
      }
    } catch (error) {
      throw fileError(error, 'read', name);
    }
  }
}
