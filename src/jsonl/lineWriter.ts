import type { RowRun } from '../pairs/pieceTable';
import type { Crc32 } from './blockSums';
import { concatBytes } from './bytes';
import { isCsv } from './containers/csvLayout';
import { elementBytes } from './elementBytes';
import { endOf, type FileStyle } from './fileStyle';
import { lineBytes } from './lineText';
import { newIndex } from './newIndex';
import type { RowIndex } from './rowIndex';

/** Bytes that are collected before they are written. */
const bufferBytes = 1 << 20;
const cr = 13;
/** The byte order marks of UTF-8 and UTF-16. */
const marks = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/** A file whose unchanged rows are written as they are. */
export interface RowBytes {
  readonly index: RowIndex;
  /** The bytes of rows `from … to - 1` with their ends, in chunks. @throws MarginError `changed-on-disk` */
  bytes(from: number, to: number): AsyncIterable<Uint8Array>;
  /** The record of a row in a CSV file. @throws MarginError for a row that the file cannot hold */
  recordBytes(text: string, row: number): Uint8Array;
}

/** What is written, and how. */
export interface LineWriterOptions {
  /** Names the file in errors. */
  readonly file: string;
  readonly crc32: Crc32;
  /** Gets the bytes in order. The writer does not change them afterwards. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** A file that was written. */
export interface WrittenFile {
  readonly index: RowIndex;
  /** Includes the end that the last row had before it became the last row of a file without a final line end. */
  readonly style: FileStyle;
}

/**
 * Writes rows so that reading gives the same rows again. Unchanged rows keep their bytes, a changed row keeps its end
 * (a line end, or the separator of an array), and a new row gets the end of most rows.
 */
export class LineWriter {
  private readonly index: RowIndex;
  private parts: Uint8Array[] = [];
  private waiting = 0;
  private started = false;
  private lastEnd: string;
  /** Rows written so far. */
  private rows = 0;

  /** @param base the file that unchanged rows come from */
  constructor(
    private readonly base: RowBytes,
    private readonly style: FileStyle,
    private readonly options: LineWriterOptions,
  ) {
    this.index = newIndex(style.layout, options.file, options.crc32);
    this.lastEnd = style.lastEnd;
  }

  /**
   * @throws MarginError `changed-on-disk`, `line-too-long`, `row-too-long`, `breaks-array`; file errors; the signal's
   *   reason if aborted
   */
  async write(runs: Iterable<RowRun>): Promise<WrittenFile> {
    const { frame, finalNewline } = this.style;
    let last: RowRun | undefined;
    for (const run of runs) {
      if (last) await this.run(last);
      else this.put(lineBytes(frame.head));
      last = run;
    }
    if (last) await (finalNewline ? this.run(last) : this.lastRun(last));
    this.put(lineBytes(last ? frame.tail : frame.empty));
    await this.flush();
    this.index.finish();
    return { index: this.index, style: { ...this.style, lastEnd: this.lastEnd } };
  }

  private async run(run: RowRun): Promise<void> {
    if (run.kind === 'text') this.line(this.textBytes(run.line), this.textEnd(run));
    else await this.baseLines(run.start, run.start + run.count);
    if (this.waiting >= bufferBytes) await this.flush();
  }

  private async baseLines(start: number, end: number): Promise<void> {
    const { index } = this.base;
    const unended = end === index.count && !index.finalNewline;
    const ended = unended ? end - 1 : end;
    this.rows += end - start;
    if (ended > start) {
      for await (const chunk of this.base.bytes(start, ended)) {
        this.put(chunk);
        if (this.waiting >= bufferBytes) await this.flush();
      }
    }
    if (unended) this.line(await this.rowBytes(ended), this.style.lastEnd);
  }

  /** Like {@link run}, for the run that contains the last row of a file whose last row has no end. */
  private async lastRun(run: RowRun): Promise<void> {
    if (run.kind === 'text') return this.lastLine(this.textBytes(run.line), this.textEnd(run));
    const row = run.start + run.count - 1;
    if (run.count > 1) await this.run({ ...run, count: run.count - 1 });
    this.lastLine(await this.rowBytes(row), endOf(row, this.base.index, this.style));
  }

  /** Writes the last line without a line end. A blank line needs one: without it, it would not be a line. */
  private lastLine(bytes: Uint8Array, end: string): void {
    if (bytes.length === 0) return this.line(bytes, end);
    this.lastEnd = end;
    this.put(bytes);
  }

  private textBytes(text: string): Uint8Array {
    const { layout } = this.style;
    if (layout === 'lines') return lineBytes(text);
    return isCsv(layout)
      ? this.base.recordBytes(text, this.rows++)
      : elementBytes(text, layout, this.rows++, this.options.file);
  }

  private textEnd({ base, end }: Extract<RowRun, { kind: 'text' }>): string {
    return end ?? (base === null ? this.style.lineEnd : endOf(base, this.base.index, this.style));
  }

  /** A line that ends with CR gets CR LF: before a single LF, its CR would become part of the line end. */
  private line(bytes: Uint8Array, end: string): void {
    this.put(bytes);
    this.put(lineBytes(bytes.at(-1) === cr ? '\r\n' : end));
  }

  /** The bytes of a row of the file, without its end. */
  private async rowBytes(row: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.base.bytes(row, row + 1)) chunks.push(chunk);
    return this.base.index.withoutEnd(row, concatBytes(chunks));
  }

  private put(bytes: Uint8Array): void {
    // If the first line begins with the bytes of a byte order mark, a real mark is written before it. So the line is
    // read as text.
    if (
      !this.started &&
      this.style.frame.head === '' &&
      marks.some((mark) => mark.every((byte, i) => bytes[i] === byte))
    ) {
      this.parts.push(lineBytes('\ufeff'));
    }
    this.started ||= bytes.length > 0;
    this.parts.push(bytes);
    this.waiting += bytes.length;
  }

  private async flush(): Promise<void> {
    this.options.signal?.throwIfAborted();
    const bytes = concatBytes(this.parts);
    this.parts = [];
    this.waiting = 0;
    await this.options.write(bytes);
    this.index.push(bytes);
  }
}
