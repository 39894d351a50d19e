import { LineScanner, maxLineBytes } from './lineScanner';

/** Starts in one block of the index: 64 K numbers of 8 bytes, outside the JavaScript heap. */
const blockLength = 1 << 16;

/**
 * Where the lines of a file start, by the rules of {@link LineScanner}. Grows as the file's bytes are pushed in order;
 * the lines known so far can be used meanwhile.
 */
export class LineIndex {
  private readonly blocks: Float64Array[] = [];
  private readonly scanner: LineScanner;
  private known = 0;
  /** Offset behind the last known line. */
  private end = 0;

  constructor(file: string, limit = maxLineBytes) {
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
  get lineEnd(): '\n' | '\r\n' {
    return this.scanner.crlfLines * 2 > this.scanner.lines ? '\r\n' : '\n';
  }

  /** Whether lines end in both ways. */
  get mixedLineEnds(): boolean {
    return this.scanner.crlfLines > 0 && this.scanner.crlfLines < this.scanner.lines;
  }

  push(chunk: Uint8Array): void {
    this.scanner.push(chunk, (end) => this.add(end));
  }

  /** To be called behind the last byte: makes what stands behind the last line end a line. */
  finish(): void {
    if (this.scanner.unfinished) this.add(this.scanner.position);
  }

  /** Offset of a line's first byte; of the byte behind the last line for `row === count`. */
  start(row: number): number {
    if (row >= this.known) return this.end;
    return this.blocks[Math.floor(row / blockLength)]?.[row % blockLength] ?? 0;
  }

  private add(end: number): void {
    const place = this.known % blockLength;
    if (place === 0) this.blocks.push(new Float64Array(blockLength));
    const block = this.blocks.at(-1);
    if (block) block[place] = this.known === 0 ? this.scanner.bomLength : this.end;
    this.end = end;
    this.known++;
  }
}
