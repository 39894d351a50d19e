import { at, must } from '../base/pure/must';
import { BlockSums, type Crc32 } from './blockSums';
import type { LinePart } from './linePart';
import { LineScanner, maxLineBytes, type ScannerState } from './lineScanner';
import { withoutLineEnd } from './lineText';
import { type Frame, rowAt, type RowIndex } from './rowIndex';

/** Line starts in one block of the index: 64 K numbers of 8 bytes, outside the JavaScript heap. */
const blockLength = 1 << 16;

/** An index as it is stored: 4 bytes a line, and one bit. */
export interface LineTable {
  readonly scanner: ScannerState;
  /** Whether the last line has no line end. */
  readonly open: boolean;
  /** Bytes of each line with its end. */
  readonly lengths: Uint32Array;
  /** One bit a line, the lowest first: whether it ends with CR LF. */
  readonly crlf: Uint8Array;
  readonly sums: Uint32Array;
}

/**
 * The byte offsets at which the lines of a file start, by the rules of {@link LineScanner}, and checksums of its bytes.
 * Push the bytes of the file in order; the lines found so far can be used at any time. If the file has grown, push only
 * the bytes from {@link bytes} on. Lines ("rows") count from 0.
 *
 * After the bytes `a\nbc\r\n` there are two lines: `start(0)` is 0, `start(1)` is 2, `start(2)` is 6, `endOf(1)` is CR
 * LF.
 */
export class LineIndex implements RowIndex {
  readonly layout = 'lines';
  readonly sums: BlockSums;
  private readonly blocks: Float64Array[] = [];
  /** One bit for each line of a block: whether it ends with CR LF. */
  private readonly crlf: Uint8Array[] = [];
  private readonly scanner: LineScanner;
  private known = 0;
  /** Offset after the last known line. */
  private end = 0;
  /** Whether the last known line has no line end, and was added by {@link finish}. */
  private open = false;

  /**
   * @param file names the file in errors
   * @param limit bytes of the longest line that is accepted
   */
  constructor(file: string, crc32: Crc32, limit = maxLineBytes) {
    this.sums = new BlockSums(crc32);
    this.scanner = new LineScanner(file, limit);
  }

  /** Makes an index from a copy of {@link table}. */
  static resume(file: string, crc32: Crc32, { scanner, open, lengths, crlf, sums }: LineTable): LineIndex {
    const index = new LineIndex(file, crc32);
    index.scanner.resume(scanner);
    index.sums.resume(sums, scanner.position);
    let end = lengths.length === 0 ? 0 : scanner.bomLength;
    for (let from = 0; from < lengths.length; from += blockLength) {
      const block = new Float64Array(blockLength);
      const part = lengths.subarray(from, from + blockLength);
      let i = 0;
      for (const length of part) {
        block[i++] = end;
        end += length;
      }
      const bits = new Uint8Array(blockLength / 8);
      bits.set(crlf.subarray(from / 8, (from + blockLength) / 8));
      index.blocks.push(block);
      index.crlf.push(bits);
    }
    index.known = lengths.length;
    index.end = end;
    index.open = open;
    return index;
  }

  /** All that is needed to go on from here. */
  get table(): LineTable {
    const { known, open, lengths } = this;
    const crlf = new Uint8Array(Math.ceil(known / 8));
    for (const [i, bits] of this.crlf.entries())
      crlf.set(bits.subarray(0, crlf.length - (i * blockLength) / 8), (i * blockLength) / 8);
    return { scanner: this.scanner.state, open, lengths, crlf, sums: this.sums.all };
  }

  /** Lines known so far. */
  get count(): number {
    return this.known;
  }

  /** Bytes pushed so far. */
  get bytes(): number {
    return this.scanner.position;
  }

  get frame(): Frame {
    const mark = this.scanner.bomLength > 0 ? '\ufeff' : '';
    return { head: mark, tail: '', empty: mark };
  }

  /** Whether the file ends with a line end; true for a file without lines. */
  get finalNewline(): boolean {
    return !this.scanner.unfinished;
  }

  /** The line end of most lines; LF if no line has one. */
  get lineEnd(): '\n' | '\r\n' {
    return this.scanner.crlfLines * 2 > this.scanner.lines ? '\r\n' : '\n';
  }

  /** The line end of a known line; undefined for a last line without one. */
  endOf(row: number): '\n' | '\r\n' | undefined {
    if (this.open && row === this.known - 1) return undefined;
    const i = row % blockLength;
    const bits = at(at(this.crlf, Math.floor(row / blockLength)), i >> 3);
    return (bits >> (i & 7)) & 1 ? '\r\n' : '\n';
  }

  /** @throws MarginError as {@link LineScanner.push} */
  push(chunk: Uint8Array): void {
    this.reopen();
    this.sums.push(chunk);
    let { crlfLines } = this.scanner;
    this.scanner.push(chunk, (end) => {
      this.add(end, this.scanner.crlfLines > crlfLines);
      ({ crlfLines } = this.scanner);
    });
  }

  /**
   * Continues with the next bytes, which another thread has scanned. @throws MarginError as {@link LineScanner.skip}
   */
  append(part: LinePart): void {
    this.reopen();
    this.sums.append(part.sums, part.bytes);
    const first = this.known;
    const joins = this.scanner.skip(part);
    const { ends } = part;
    for (let from = 0; from < ends.length;) {
      const i = this.known % blockLength;
      const block = this.blockOfNext();
      const count = Math.min(blockLength - i, ends.length - from);
      block[i] = this.nextStart;
      block.set(ends.subarray(from, from + count - 1), i + 1);
      from += count;
      this.known += count;
      this.end = at(ends, from - 1);
    }
    if (joins) this.markCrlf(first);
    if (part.crlfLines === 0) return;
    for (let i = 0; i < ends.length; i++) if ((at(part.crlf, i >> 3) >> (i & 7)) & 1) this.markCrlf(first + i);
  }

  /** Call this after the last byte: bytes after the last line end become a line. */
  finish(): void {
    if (!this.scanner.unfinished || this.open) return;
    this.add(this.scanner.position, false);
    this.open = true;
  }

  /** Offset of a line's first byte; for `row === count`, the offset after the last line. */
  start(row: number): number {
    if (row >= this.known) return this.end;
    return at(at(this.blocks, Math.floor(row / blockLength)), row % blockLength);
  }

  length(row: number): number {
    return this.start(row + 1) - this.start(row) - (this.endOf(row)?.length ?? 0);
  }

  withoutEnd(_row: number, bytes: Uint8Array): Uint8Array {
    return withoutLineEnd(bytes);
  }

  rowAt(offset: number): number {
    return rowAt({ count: this.known, start: (row) => this.start(row) }, offset);
  }

  lineOf(row: number): number {
    return row;
  }

  private get lengths(): Uint32Array {
    const lengths = new Uint32Array(this.known);
    for (const [number, block] of this.blocks.entries()) {
      const from = number * blockLength;
      const rows = Math.min(blockLength, this.known - from);
      let next = this.start(from + rows);
      for (let i = rows - 1; i >= 0; i--) {
        const start = at(block, i);
        lengths[from + i] = next - start;
        next = start;
      }
    }
    return lengths;
  }

  /** Forgets a last line without a line end, because the next bytes continue it. */
  private reopen(): void {
    if (!this.open) return;
    this.open = false;
    this.known--;
    this.end = at(at(this.blocks, Math.floor(this.known / blockLength)), this.known % blockLength);
    if (this.known % blockLength !== 0) return;
    this.blocks.pop();
    this.crlf.pop();
  }

  private add(end: number, crlf: boolean): void {
    this.blockOfNext()[this.known % blockLength] = this.nextStart;
    this.end = end;
    this.known++;
    if (crlf) this.markCrlf(this.known - 1);
  }

  /** Where the line after the known ones starts. */
  private get nextStart(): number {
    return this.known === 0 ? this.scanner.bomLength : this.end;
  }

  /** The block of the line after the known ones. */
  private blockOfNext(): Float64Array {
    if (this.known % blockLength === 0) {
      this.blocks.push(new Float64Array(blockLength));
      this.crlf.push(new Uint8Array(blockLength / 8));
    }
    return must(this.blocks.at(-1), 'the block of the line');
  }

  private markCrlf(row: number): void {
    const i = row % blockLength;
    const bits = at(this.crlf, Math.floor(row / blockLength));
    bits[i >> 3] = at(bits, i >> 3) | (1 << (i & 7));
  }
}
