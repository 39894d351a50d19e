/** The memory doubles when it is full. Above this size it grows by this step instead. */
const maxStepBytes = 1 << 20;

/** A copy in memory of the first bytes of a file; it grows as more bytes are appended. */
export class KeptBytes {
  private memory = new Uint8Array(0);
  private filled = 0;

  /** Bytes kept so far. */
  get length(): number {
    return this.filled;
  }

  append(bytes: Uint8Array): void {
    const needed = this.filled + bytes.length;
    if (needed > this.memory.length) {
      const { length } = this.memory;
      const larger = new Uint8Array(Math.max(needed, length + Math.min(length, maxStepBytes)));
      larger.set(this.memory.subarray(0, this.filled));
      this.memory = larger;
    }
    this.memory.set(bytes, this.filled);
    this.filled = needed;
  }

  /** The bytes `start … end - 1`: a view, which the caller must not change. */
  slice(start: number, end: number): Uint8Array {
    return this.memory.subarray(start, Math.min(end, this.filled));
  }
}
