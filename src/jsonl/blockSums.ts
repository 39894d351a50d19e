import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Bytes under one checksum. One changed byte makes only the lines of its block unreadable. */
export const blockBytes = 1 << 14;

/** CRC-32 of each 16 KB of a stream: tells whether bytes that are read again are those that were read before. */
export class BlockSums {
  private sums = new Uint32Array(64);
  private seen = 0;

  /** Bytes pushed so far. */
  get length(): number {
    return this.seen;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const block = Math.floor(this.seen / blockBytes);
      const part = chunk.subarray(at, at + blockBytes - (this.seen % blockBytes));
      if (block === this.sums.length) this.grow();
      // The sum of a block that is not full yet goes on with what follows.
      this.sums[block] = crc32(part, this.sums[block]);
      at += part.length;
      this.seen += part.length;
    }
  }

  /**
   * A test for the bytes from `start` on, which is where a block starts, to `end`, where one ends or {@link length}. It
   * holds the sums as they are now, because they may go on before the bytes are read.
   */
  tester(start: number, end: number): (bytes: Uint8Array) => boolean {
    const expected = this.sums.slice(start / blockBytes, Math.ceil(end / blockBytes));
    return (bytes) =>
      bytes.length === end - start &&
      expected.every((sum, i) => crc32(bytes.subarray(i * blockBytes, (i + 1) * blockBytes)) === sum);
  }

  /** One name for the first bytes: those of all whole blocks before `tail`, and `tail`. */
  digestWith(tail: Uint8Array, start: number): string {
    return this.named(start / blockBytes, crc32(tail));
  }

  /** One name for all bytes. */
  digest(): string {
    const whole = Math.floor(this.seen / blockBytes);
    return this.named(whole, this.seen % blockBytes === 0 ? crc32('') : (this.sums[whole] ?? 0));
  }

  private named(blocks: number, last: number): string {
    const hash = createHash('sha256').update(this.sums.subarray(0, blocks));
    return hash.update(Uint32Array.of(last)).digest('hex');
  }

  private grow(): void {
    const sums = new Uint32Array(this.sums.length * 2);
    sums.set(this.sums);
    this.sums = sums;
  }
}
