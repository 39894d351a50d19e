/** A copy in memory of a file's first bytes; grows with them. */
export class KeptBytes {
  private buffer = Buffer.alloc(0);
  private filled = 0;

  get length(): number {
    return this.filled;
  }

  append(bytes: Uint8Array): void {
    const needed = this.filled + bytes.length;
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(
        Math.max(needed, Math.min(this.buffer.length * 2, this.buffer.length + (1 << 20))),
      );
      this.buffer.copy(larger, 0, 0, this.filled);
      this.buffer = larger;
    }
    this.buffer.set(bytes, this.filled);
    this.filled = needed;
  }

  /** The bytes `start … end - 1`, which are not to be changed. */
  slice(start: number, end: number): Buffer {
    return this.buffer.subarray(start, Math.min(end, this.filled));
  }
}
