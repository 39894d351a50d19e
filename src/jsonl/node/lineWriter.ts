import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { LineEnd } from '../../pairs/edits';
import type { RowRun } from '../../pairs/pieceTable';
import type { LineFile } from './lineFile';
import { LineIndex } from '../lineIndex';
import { endOf, type FileStyle } from '../fileStyle';
import { lineBytes, withoutLineEnd } from '../lineText';

/** Bytes that are collected before they are written. */
const bufferBytes = 1 << 20;
const cr = 13;
const lineEnds = { '\n': Buffer.from('\n'), '\r\n': Buffer.from('\r\n') } as const;
/** The byte order marks of UTF-8 and UTF-16. */
const marks = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/** A file that was written. */
export interface Written {
  readonly index: LineIndex;
  /** Includes the line end that the last line lost because the file ends without one. */
  readonly style: FileStyle;
}

/**
 * Writes rows so that reading gives the same rows again. Unchanged lines keep their bytes, a changed line keeps its
 * line end, and a new line gets the line end of most lines.
 */
export class LineWriter {
  private readonly index: LineIndex;
  private parts: Uint8Array[] = [];
  private waiting = 0;
  private started = false;
  private lastEnd: LineEnd;

  /**
   * @param base the file that unchanged lines come from
   * @param handle the file to write, open and empty
   * @param file names it in errors
   */
  constructor(
    private readonly base: LineFile,
    private readonly style: FileStyle,
    private readonly handle: FileHandle,
    file: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.index = new LineIndex(file, crc32);
    this.lastEnd = style.lastEnd;
  }

  /** @throws MarginError `changed-on-disk`, `line-too-long`; file errors; the signal's reason if aborted */
  async write(runs: Iterable<RowRun>): Promise<Written> {
    if (this.style.byteOrderMark) this.put(Buffer.from('\ufeff'));
    let last: RowRun | undefined;
    for (const run of runs) {
      if (last) await this.run(last);
      last = run;
    }
    if (last) await (this.style.finalNewline ? this.run(last) : this.lastRun(last));
    await this.flush();
    this.index.finish();
    return { index: this.index, style: { ...this.style, lastEnd: this.lastEnd } };
  }

  private async run(run: RowRun): Promise<void> {
    if (run.kind === 'text') this.line(lineBytes(run.line), this.textEnd(run));
    else await this.baseLines(run.start, run.start + run.count);
    if (this.waiting >= bufferBytes) await this.flush();
  }

  private async baseLines(start: number, end: number): Promise<void> {
    const { index } = this.base;
    const unended = end === index.count && !index.finalNewline;
    const ended = unended ? end - 1 : end;
    if (ended > start) {
      for await (const chunk of this.base.bytes(start, ended)) {
        this.put(chunk);
        if (this.waiting >= bufferBytes) await this.flush();
      }
    }
    if (unended) this.line(await this.lineBytes(ended), this.style.lastEnd);
  }

  /** Like {@link run}, for the run that contains the last line of the file. */
  private async lastRun(run: RowRun): Promise<void> {
    if (run.kind === 'text') return this.lastLine(lineBytes(run.line), this.textEnd(run));
    const row = run.start + run.count - 1;
    if (run.count > 1) await this.run({ ...run, count: run.count - 1 });
    this.lastLine(withoutLineEnd(await this.lineBytes(row)), endOf(row, this.base.index, this.style));
  }

  /** Writes the last line without a line end. A blank line needs one: without it, it would not be a line. */
  private lastLine(bytes: Uint8Array, end: LineEnd): void {
    if (bytes.length === 0) return this.line(bytes, end);
    this.lastEnd = end;
    this.put(bytes);
  }

  private textEnd({ base, end }: Extract<RowRun, { kind: 'text' }>): LineEnd {
    return end ?? (base === null ? this.style.lineEnd : endOf(base, this.base.index, this.style));
  }

  /** A line that ends with CR gets CR LF: before a single LF, its CR would become part of the line end. */
  private line(bytes: Uint8Array, end: LineEnd): void {
    this.put(bytes);
    this.put(bytes.at(-1) === cr ? lineEnds['\r\n'] : lineEnds[end]);
  }

  private async lineBytes(row: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.base.bytes(row, row + 1)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  private put(bytes: Uint8Array): void {
    // A first line that begins like a byte order mark gets a real one before it, so that it is read as text.
    if (
      !this.started &&
      !this.style.byteOrderMark &&
      marks.some((mark) => mark.every((byte, i) => bytes[i] === byte))
    ) {
      this.parts.push(Buffer.from('\ufeff'));
    }
    this.started ||= bytes.length > 0;
    this.parts.push(bytes);
    this.waiting += bytes.length;
  }

  private async flush(): Promise<void> {
    this.signal?.throwIfAborted();
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    this.waiting = 0;
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done);
      done += bytesWritten;
    }
    this.index.push(bytes);
  }
}
