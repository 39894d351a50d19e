import { at } from '../base/pure/must';

/** If a line continues in the next chunk, columns are counted only up to this many bytes of it, for speed. */
const countedBytes = 1 << 16;
const newline = 10;

/** Follows a stream of bytes, and names places in it as an editor does: by line and column, both from 1. */
export class TextPlace {
  line = 1;
  /** Offset of the current chunk. */
  private base = 0;
  private chunk: Uint8Array = new Uint8Array(0);
  /** Offset after the last line end, or after a byte order mark. */
  private lineStart = 0;
  /** UTF-16 units of the current line in earlier chunks; null if it is too long to count. */
  private units: number | null = 0;
  /** Index in the chunk of the next line end; -1 before it was searched. */
  private lineEnd = -1;

  /** Offset of the first byte after the current chunk. */
  get end(): number {
    return this.base + this.chunk.length;
  }

  /** Call this with each chunk, after the chunk before it is read. */
  enter(chunk: Uint8Array): void {
    const tail = this.tail(this.chunk.length);
    const head = this.lineStart >= this.base ? 0 : this.units;
    this.units = head === null || tail.length > countedBytes ? null : head + unitsIn(tail);
    this.base = this.end;
    this.chunk = chunk;
    this.lineEnd = -1;
  }

  /** Call this for a byte order mark, which does not count as a column. */
  skip(bytes: number): void {
    this.lineStart = this.base + bytes;
    this.units = 0;
  }

  /** Call this for each line end: the byte `index` of the chunk. */
  newLine(index: number): void {
    this.line++;
    this.lineStart = this.base + index + 1;
  }

  /** Index of the first line end among the bytes `from … to - 1` of the chunk; -1 if there is none. */
  lineEndIn(from: number, to: number): number {
    if (this.lineEnd < from) {
      const found = this.chunk.indexOf(newline, from);
      this.lineEnd = found < 0 ? this.chunk.length : found;
    }
    return this.lineEnd < to ? this.lineEnd : -1;
  }

  /** Names the byte `index` of the chunk: `line 3, column 5`; by its offset in the file if the line is very long. */
  nameOf(index: number): string {
    const head = this.lineStart >= this.base ? 0 : this.units;
    const tail = this.tail(index);
    if (head === null || tail.length > countedBytes)
      return `line ${this.line}, byte ${this.base + index + 1} of the file`;
    return `line ${this.line}, column ${head + unitsIn(tail) + 1}`;
  }

  /** The bytes of the current line in the chunk, up to an index. */
  private tail(end: number): Uint8Array {
    return this.chunk.subarray(Math.max(0, this.lineStart - this.base), end);
  }
}

/** UTF-16 units of UTF-8, which may be cut anywhere. */
function unitsIn(bytes: Uint8Array): number {
  let units = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = at(bytes, i);
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
