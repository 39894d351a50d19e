import { isUtf8 } from 'node:buffer';
import { QuickCheck } from '../../pairs/quick/quickCheck';
import type { Reading } from '../../pairs/reading';
import { lineText } from '../lineText';

/** If this many rows one after the other had to be parsed, checking bytes is skipped for most rows. */
const fewestMisses = 64;
/** Then the bytes of one row in this many are checked. */
const probe = 16;

/** Checks rows in the bytes of a file. It remembers what it has learnt about the keys of rows. */
export class ByteChecks {
  private readonly quick = new QuickCheck(
    (from, to) => JSON.parse(this.buffer.toString('utf8', from, to + 1)) as string,
  );
  /** The buffer that the bytes are in, and where they begin in it. */
  private buffer: Buffer = Buffer.alloc(0);
  private offset = 0;
  private isText = false;
  private isQuick = false;
  /** Rows that were parsed since the last one that needed no parsing. */
  private misses = 0;

  /** The label of the last clean row; null for a pair. */
  get label(): boolean | null {
    return this.quick.label;
  }

  /** The hashes of the last clean row, as `QuickCheck` has them. */
  get hashes(): Uint32Array {
    return this.quick.hashes;
  }

  /** Continues with other bytes: whole rows. */
  use(bytes: Uint8Array, reading: Reading): void {
    this.buffer = Buffer.from(bytes.buffer);
    this.offset = bytes.byteOffset;
    // Not a buffer of Node: V8 reads single bytes quickest if all arrays have the same class.
    this.quick.use(new Uint8Array(bytes.buffer));
    this.isText = isUtf8(bytes);
    this.isQuick = this.isText && reading.format === null && reading.columns === null;
  }

  /** Whether a row certainly has no problems. */
  isClean(start: number, stop: number): boolean {
    if (!this.isQuick || (this.misses >= fewestMisses && this.misses % probe !== 0)) {
      this.misses++;
      return false;
    }
    const isClean = this.quick.check(start + this.offset, stop + this.offset);
    this.misses = isClean ? 0 : this.misses + 1;
    return isClean;
  }

  text(start: number, stop: number): string {
    const [from, to] = [start + this.offset, stop + this.offset];
    return this.isText ? this.buffer.toString('utf8', from, to) : lineText(this.buffer.subarray(from, to));
  }
}
