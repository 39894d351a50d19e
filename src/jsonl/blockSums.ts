import { at } from '../base/pure/must';

/** Bytes under one checksum. If one byte changes, only the lines of its block become unreadable. */
export const blockBytes = 1 << 14;

/**
 * CRC-32 of `bytes`, as `node:zlib` computes it. `start` is the checksum of the bytes before them, so that
 * `crc32(b, crc32(a))` is the checksum of `a` followed by `b`.
 */
export type Crc32 = (bytes: Uint8Array, start?: number) => number;

/**
 * Identifies the first bytes of a file: the checksums of their full blocks, and the checksum of the bytes after these.
 */
export interface Fingerprint {
  readonly blocks: Uint32Array;
  /** 0, the CRC-32 of no bytes, if no bytes follow the last full block. */
  readonly tail: number;
}

/** CRC-32 of each 16 KB of a stream, to check that bytes read again are the bytes that were read before. */
export class BlockSums {
  private sums = new Uint32Array(64);
  private pushed = 0;

  constructor(private readonly crc32: Crc32) {}

  /** The checksums so far, also that of a last block that is not full. */
  get all(): Uint32Array {
    return this.sums.subarray(0, Math.ceil(this.pushed / blockBytes));
  }

  /** Continues with the checksums of the first `length` bytes. */
  resume(sums: Uint32Array, length: number): void {
    this.sums = sums.slice();
    this.pushed = length;
  }

  /** Bytes pushed so far. */
  get length(): number {
    return this.pushed;
  }

  push(chunk: Uint8Array): void {
    for (let offset = 0; offset < chunk.length;) {
      const block = Math.floor(this.pushed / blockBytes);
      const part = chunk.subarray(offset, offset + blockBytes - (this.pushed % blockBytes));
      if (block === this.sums.length) this.grow();
      // A block may arrive in several chunks, so each part continues the checksum of the parts before it.
      this.sums[block] = this.crc32(part, at(this.sums, block));
      offset += part.length;
      this.pushed += part.length;
    }
  }

  /**
   * Continues after `bytes` more bytes with these checksums. The last block so far must be full.
   *
   * @throws Error if it is not, which is a fault of the caller
   */
  append(sums: Uint32Array, bytes: number): void {
    const block = this.pushed / blockBytes;
    if (!Number.isInteger(block)) throw new RangeError(`A block starts before byte ${this.pushed}`);
    while (block + sums.length > this.sums.length) this.grow();
    this.sums.set(sums, block);
    this.pushed += bytes;
  }

  /**
   * Returns a test of whether bytes are those that were pushed at `start … end - 1`. `start` is the start of a block,
   * and `end` is the end of one or {@link length}. The test keeps the present checksums, because a later push may fill
   * the last block before the bytes have been read.
   */
  tester(start: number, end: number): (bytes: Uint8Array) => boolean {
    const expected = this.of(start, end);
    return (bytes) => bytes.length === end - start && haveSums(bytes, expected, this.crc32);
  }

  /** A copy of the checksums of the blocks from `start`, where one starts, to `end - 1`. */
  of(start: number, end: number): Uint32Array<ArrayBuffer> {
    return this.sums.slice(start / blockBytes, Math.ceil(end / blockBytes));
  }

  /** The fingerprint of all bytes pushed so far. */
  fingerprint(): Fingerprint {
    const full = Math.floor(this.pushed / blockBytes);
    const tail = this.pushed % blockBytes === 0 ? 0 : at(this.sums, full);
    return { blocks: this.sums.subarray(0, full), tail };
  }

  /**
   * The fingerprint of the first `start + tail.length` bytes.
   *
   * @param start the start of a block
   * @param tail the bytes from there on, fewer than a block
   */
  fingerprintOf(start: number, tail: Uint8Array): Fingerprint {
    return { blocks: this.sums.subarray(0, start / blockBytes), tail: this.crc32(tail) };
  }

  private grow(): void {
    const sums = new Uint32Array(Math.max(64, this.sums.length * 2));
    sums.set(this.sums);
    this.sums = sums;
  }
}

/** Whether bytes, from the start of a block on, have these checksums. */
export function haveSums(bytes: Uint8Array, expected: Uint32Array, crc32: Crc32): boolean {
  return expected.every((sum, i) => crc32(bytes.subarray(i * blockBytes, (i + 1) * blockBytes)) === sum);
}
