import { at } from '../base/pure/must';
import type { Crc32 } from './blockSums';
import type { RowIndex } from './rowIndex';

/** Beyond this, the memory grows by a quarter and is no longer doubled. */
const largeRows = 1 << 20;

/** CRC-32 of each row of a file without its end, 4 bytes a row, to tell which rows another program changed. */
export class RowSums {
  private sums = new Uint32Array(1024);
  private known = 0;
  /** The row after the known ones: the checksum of its bytes so far, and the file offset of its next byte. */
  private sum = 0;
  private position = 0;

  constructor(private readonly crc32: Crc32) {}

  /** Rows whose checksum is known. */
  get count(): number {
    return this.known;
  }

  at(row: number): number {
    return at(this.sums, row);
  }

  forgetFrom(row: number): void {
    this.known = Math.min(this.known, row);
  }

  /** Call this before bytes are pushed: they begin with those of row {@link count}. */
  begin(index: RowIndex): void {
    this.sum = 0;
    this.position = index.start(this.known);
  }

  /** @param index where the rows are whose bytes are pushed */
  push(chunk: Uint8Array, index: RowIndex): void {
    for (let offset = 0; offset < chunk.length;) {
      const next = index.start(this.known + 1);
      const stop = next - endLength(index, this.known);
      const part = chunk.subarray(offset, offset + Math.max(0, stop - this.position));
      this.sum = this.crc32(part, this.sum);
      const step = Math.min(chunk.length - offset, next - this.position);
      offset += step;
      this.position += step;
      if (this.position === next) this.add();
    }
  }

  private add(): void {
    if (this.known === this.sums.length) {
      const { length } = this.sums;
      const larger = new Uint32Array(length + Math.ceil(length < largeRows ? length : length / 4));
      larger.set(this.sums);
      this.sums = larger;
    }
    this.sums[this.known++] = this.sum;
    this.sum = 0;
  }
}

/** Bytes of a row without its end. */
export function contentLength(index: RowIndex, row: number): number {
  return index.start(row + 1) - index.start(row) - endLength(index, row);
}

/** Line ends and separators are ASCII. */
function endLength(index: RowIndex, row: number): number {
  const end = index.endOf(row);
  return end === undefined ? 0 : end.length;
}
