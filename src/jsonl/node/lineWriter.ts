import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { LineEnd } from '../../pairs/edits';
import type { RowRun } from '../../pairs/pieceTable';
import type { LineFile } from './lineFile';
import { LineIndex } from '../lineIndex';
import { endOf, type FileStyle } from '../fileStyle';
import { lineBytes, withoutLineEnd } from '../lineText';

/** Bytes gathered before they are written. */
const bufferBytes = 1 << 20;
const cr = 13;
const lineEnds = { '\n': Buffer.from('\n'), '\r\n': Buffer.from('\r\n') } as const;
const marks = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
];

export interface Written {
  readonly index: LineIndex;
  /** The style of the file, which knows the line end that the last line has lost. */
  readonly style: FileStyle;
}

/**
 * Writes rows over a base, so that they are read as the same rows again. Untouched lines keep their bytes; a new line
 * gets the line end that most have, a changed line keeps its own.
 */
export class LineWriter {
  private readonly index: LineIndex;
  private parts: Uint8Array[] = [];
  private waiting = 0;
  private started = false;
  private lastEnd: LineEnd;

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
      for await (const piece of this.base.bytes(start, ended)) {
        this.put(piece);
        if (this.waiting >= bufferBytes) await this.flush();
      }
    }
    if (unended) this.line(await this.whole(ended), this.style.lastEnd);
  }

  /** Like {@link run}, but its last line is the last of all. */
  private async lastRun(run: RowRun): Promise<void> {
    if (run.kind === 'text') return this.lastLine(lineBytes(run.line), this.textEnd(run));
    const row = run.start + run.count - 1;
    if (run.count > 1) await this.run({ ...run, count: run.count - 1 });
    this.lastLine(withoutLineEnd(await this.whole(row)), endOf(row, this.base.index, this.style));
  }

  /** The last line gets no line end, unless it is blank: without one it would be no line. */
  private lastLine(bytes: Uint8Array, end: LineEnd): void {
    if (bytes.length === 0) return this.line(bytes, end);
    this.lastEnd = end;
    this.put(bytes);
  }

  private textEnd({ base, end }: Extract<RowRun, { kind: 'text' }>): LineEnd {
    return end ?? (base === null ? this.style.lineEnd : endOf(base, this.base.index, this.style));
  }

  /** A line that ends in CR gets CR LF, because with LF alone it would lose its CR to the line end. */
  private line(bytes: Uint8Array, end: LineEnd): void {
    this.put(bytes);
    this.put(bytes.at(-1) === cr ? lineEnds['\r\n'] : lineEnds[end]);
  }

  private async whole(row: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.base.bytes(row, row + 1)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  private put(bytes: Uint8Array): void {
    // A first line that begins like a byte order mark gets one before it, so as not to be taken for one.
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
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
    this.index.push(bytes);
  }
}
