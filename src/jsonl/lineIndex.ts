import type { LineEnd } from '../pairs/edits';
import { BlockSums, type Crc32 } from './blockSums';
import { LineScanner, maxLineBytes } from './lineScanner';

/** Starts in one block of the index: 64 K numbers of 8 bytes, outside the JavaScript heap. */
const blockLength = 1 << 16;

/**
 * Where the lines of a file start, by the rules of {@link LineScanner}, and checksums of its bytes. Grows as the file's
 * bytes are pushed in order; the lines known so far can be used meanwhile. When a file has grown, the bytes from {@link
 * bytes} on are all that is pushed.
 */
export class LineIndex {
  readonly sums: BlockSums;
  private readonly blocks: Float64Array[] = [];
  /** A bit for each line of a block: whether it ends in CR LF. */
  private readonly crlf: Uint8Array[] = [];
  private readonly scanner: LineScanner;
  private known = 0;
  /** Offset behind the last known line. */
  private end = 0;
  /** Whether the last known line is one that {@link finish} added, without a line end. */
  private open = false;

  /**
   * @param file names the file in errors
   * @param limit bytes of the longest line that is accepted
   */
  constructor(file: string, crc32: Crc32, limit = maxLineBytes) {
    this.sums = new BlockSums(crc32);
    this.scanner = new LineScanner(file, limit);
  }

  /** Lines known so far. */
  get count(): number {
    return this.known;
  }

  /** Bytes pushed so far. */
  get bytes(): number {
    return this.scanner.position;
  }

  get bomLength(): number {
    return this.scanner.bomLength;
  }

  /** Whether the file ends in a line end; true of a file without lines. */
  get finalNewline(): boolean {
    return !this.scanner.unfinished;
  }

  /** The line end that most lines have; LF where none has any. */
  get lineEnd(): LineEnd {
    return this.scanner.crlfLines * 2 > this.scanner.lines ? '\r\n' : '\n';
  }

  /** The line end of a known line; undefined of a last line without one. */
  endOf(row: number): LineEnd | undefined {
    if (this.open && row === this.known - 1) return undefined;
    const place = row % blockLength;
    const bits = this.crlf[Math.floor(row / blockLength)]?.[place >> 3];
    return bits !== undefined && (bits >> (place & 7)) & 1 ? '\r\n' : '\n';
  }

  push(chunk: Uint8Array): void {
    this.reopen();
    this.sums.push(chunk);
    let { crlfLines } = this.scanner;
    this.scanner.push(chunk, (end) => {
      this.add(end, this.scanner.crlfLines > crlfLines);
      ({ crlfLines } = this.scanner);
    });
  }

  /** To be called behind the last byte: makes what stands behind the last line end a line. */
  finish(): void {
    if (!this.scanner.unfinished || this.open) return;
    this.add(this.scanner.position, false);
    this.open = true;
  }

  /** Offset of a line's first byte; of the byte behind the last line for `row === count`. */
  start(row: number): number {
    if (row >= this.known) return this.end;
    return this.blocks[Math.floor(row / blockLength)]?.[row % blockLength] ?? 0;
  }

  /** The known line that holds the byte at an offset, or the next one; the number of lines where there is none. */
  rowAt(offset: number): number {
    let low = 0;
    let high = this.known;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.start(middle + 1) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A last line without a line end goes on with what is pushed next. */
  private reopen(): void {
    if (!this.open) return;
    this.open = false;
    this.known--;
    this.end = this.blocks[Math.floor(this.known / blockLength)]?.[this.known % blockLength] ?? 0;
    if (this.known % blockLength !== 0) return;
    this.blocks.pop();
    this.crlf.pop();
  }

  private add(end: number, crlf: boolean): void {
    const place = this.known % blockLength;
    if (place === 0) {
      this.blocks.push(new Float64Array(blockLength));
      this.crlf.push(new Uint8Array(blockLength / 8));
    }
    const block = this.blocks.at(-1);
    const bits = this.crlf.at(-1);
    if (block) block[place] = this.known === 0 ? this.scanner.bomLength : this.end;
    if (bits && crlf) bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
    this.end = end;
    this.known++;
  }
}
