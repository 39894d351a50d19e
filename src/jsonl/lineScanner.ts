import { MarginError } from '../base/pure/marginError';
import type { LinePart } from './linePart';

/** Bytes of the longest accepted line: V8's strings end at 512 MB, and an edit holds several copies of a line. */
export const maxLineBytes = 100 * 1024 * 1024;

const lf = 10;
const cr = 13;
const bom = [0xef, 0xbb, 0xbf];

/** Where a scanner is in its file, as plain data. */
export interface ScannerState {
  readonly position: number;
  readonly lines: number;
  readonly crlfLines: number;
  readonly bomLength: number;
  readonly lineStart: number;
  readonly lastByte: number;
  readonly head: readonly number[];
}

/**
 * Finds the line ends in a stream of bytes. A line ends with LF; a CR before it belongs to the line end (JSON Lines,
 * "Line Separator"). A UTF-8 byte order mark belongs to no line.
 */
export class LineScanner {
  /** Bytes pushed so far. */
  position = 0;
  /** Complete lines so far. */
  lines = 0;
  /** How many of these end with CR LF. */
  crlfLines = 0;
  /** Bytes of the byte order mark: 3 or 0. */
  bomLength = 0;
  private lineStart = 0;
  private lastByte = -1;
  private readonly head: number[] = [];

  constructor(
    private readonly file: string,
    private readonly limit = maxLineBytes,
  ) {}

  get state(): ScannerState {
    const { position, lines, crlfLines, bomLength, lineStart, lastByte, head } = this;
    return { position, lines, crlfLines, bomLength, lineStart, lastByte, head };
  }

  /** Continues from where another scanner of the file was. */
  resume({ head, ...state }: ScannerState): void {
    Object.assign(this, state);
    this.head.push(...head);
  }

  /** Whether bytes follow the last line end. At the end of the file they are a last line without line end. */
  get unfinished(): boolean {
    return this.position > Math.max(this.lineStart, this.bomLength);
  }

  /**
   * Scans the next bytes.
   *
   * @param onLine called for each line that ends in `chunk`, with the offset in the file after its line end
   * @throws MarginError `line-too-long`, and `not-utf8` for a UTF-16 byte order mark
   */
  push(chunk: Uint8Array, onLine: (end: number) => void): void {
    if (this.head.length < bom.length) this.readHead(chunk);
    const base = this.position;
    for (let end = chunk.indexOf(lf); end >= 0; end = chunk.indexOf(lf, end + 1)) {
      if ((end > 0 ? chunk[end - 1] : this.lastByte) === cr) this.crlfLines++;
      this.checkLength(base + end);
      this.lines++;
      this.lineStart = base + end + 1;
      onLine(this.lineStart);
    }
    this.lastByte = chunk.at(-1) ?? this.lastByte;
    this.position = base + chunk.length;
    this.checkLength(this.position);
  }

  /**
   * Continues after the next bytes, which another thread has scanned.
   *
   * @param part shorter than the longest accepted line, and not at the start of the file
   * @returns whether a line end that began with the last byte so far, a CR, ends with the first byte of the part
   * @throws MarginError `line-too-long`
   */
  skip({ start, bytes, ends, crlfLines, lastByte }: LinePart): boolean {
    if (start !== this.position || start < bom.length) throw new RangeError(`Not at byte ${this.position}: ${start}`);
    const first = ends[0];
    const joins = first === start + 1 && this.lastByte === cr;
    if (first !== undefined) this.checkLength(first - 1);
    this.lines += ends.length;
    this.crlfLines += crlfLines + (joins ? 1 : 0);
    this.lineStart = ends.at(-1) ?? this.lineStart;
    this.lastByte = bytes === 0 ? this.lastByte : lastByte;
    this.position += bytes;
    this.checkLength(this.position);
    return joins;
  }

  private checkLength(end: number): void {
    if (end - this.lineStart <= this.limit) return;
    throw lineTooLong(this.file, this.lines + 1, this.limit);
  }

  private readHead(chunk: Uint8Array): void {
    this.head.push(...chunk.subarray(0, bom.length - this.head.length));
    if (bom.every((byte, i) => this.head[i] === byte)) this.bomLength = bom.length;
    const mark = `${this.head[0]},${this.head[1]}`;
    if (mark !== '255,254' && mark !== '254,255') return;
    throw new MarginError('not-utf8', `${this.file} is UTF-16. Save it as UTF-8.`, { file: this.file });
  }
}

/** The error for a line, from 1, that is longer than the limit in bytes. */
export function lineTooLong(file: string, line: number, limit = maxLineBytes): MarginError {
  const megabytes = Math.floor(limit / (1024 * 1024));
  const message = `${file}, line ${line}: longer than ${megabytes} MB. Is it JSON Lines, one row a line?`;
  return new MarginError('line-too-long', message, { file, line });
}
