import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { fileError } from '../../base/node/fileError';
import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { blockBytes } from '../blockSums';
import { KeptBytes } from '../keptBytes';
import { lineText } from '../lineText';
import { newIndex } from '../newIndex';
import { RowForms } from '../rowForms';
import type { RowIndex } from '../rowIndex';
import { digestOf } from './digest';
import type { Growth } from './growth';
import { isNewInEmpty, layoutAt } from './layoutAt';
import { readInto } from './readBytes';
import { readIndex, type UnreadFile } from './readIndex';
import type { IndexThreads } from './scan/indexThreads';
import { changedBlocks, hasHead, type Thoroughness } from './sameHead';
import { sameFile, sameStamp, type Stamp, stampOf } from '../stamp';

export interface IndexOptions {
  readonly signal?: AbortSignal;
  /** Called after each chunk with the bytes read so far and the size of the file. */
  readonly onProgress?: (bytes: number, size: number) => void;
}

/** What is known of a file before it is opened: from a closed {@link LineFile}, or from the save that wrote it. */
export interface KnownLines {
  readonly index: RowIndex;
  readonly kept?: KeptBytes | null;
}

export interface OpenOptions {
  /**
   * The lines that are known already. If the file still begins with them, its index is extended, and the caller must
   * not use it any more.
   */
  readonly known?: KnownLines;
  /** How much of the known lines is read again. */
  readonly check?: Thoroughness;
  /** Keeps the bytes of a small file in memory, so its lines can be read even after the file was overwritten. */
  readonly keep?: boolean;
  /** The name of the file in errors, which also tells tables from other texts; its path if absent. */
  readonly name?: string;
  /** Tells how the file grows while another thread writes it; absent for a file that is complete. */
  readonly growth?: Growth;
  /** The threads that find the rows of a large file; null or absent: this thread finds them. */
  readonly threads?: IndexThreads | null;
}

/** A row as JSON, or as it is in the file. */
export type RowForm = 'json' | 'file';

/** Bytes read at a time. */
const chunkBytes = 1 << 18;
/** Most bytes of lines that are read together. A longer line is read alone. */
const pageBytes = 1 << 22;
/** Largest file that is kept in memory, 16 MB: an open document must not take more memory than other editors. */
const maxKeptBytes = 1 << 24;

/**
 * A file of rows, held open. If another file takes its name, this object still reads the opened file. Reading gives the
 * lines that were indexed, checked by checksums: if another program overwrote them, it throws `changed-on-disk`.
 *
 * Open it, call {@link readIndex}, then read any {@link lines}.
 */
export class LineFile {
  readonly forms: RowForms;
  /** Settles when no thread uses the file. */
  private loans: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    readonly index: RowIndex,
    public stamp: Stamp,
    /** How many of the known lines the file still begins with, not counting a last line without a line end. */
    readonly knownRows: number,
    public kept: KeptBytes | null,
    readonly name: string,
    private readonly growth: Growth | null,
    readonly threads: IndexThreads | null,
  ) {
    this.forms = new RowForms(index, name);
  }

  /**
   * Opens a regular file. {@link readIndex} then reads it, or the part that is not known.
   *
   * @throws MarginError `missing`, `not-readable`, `not-a-file`
   */
  static async open(path: string, options: OpenOptions = {}): Promise<LineFile> {
    const { known, check = 'some', keep = false, name = path, growth = null, threads = null } = options;
    const handle = await openRegular(path);
    try {
      const stamp = stampOf(await handle.stat());
      const layout =
        known && !isNewInEmpty(known.index, stamp) ? known.index.layout : await layoutAt(handle, stamp, name);
      const same =
        known?.index.layout === layout &&
        (layout === 'lines' ? known.index.bytes <= stamp.size : known.index.bytes === stamp.size) &&
        (await hasHead(handle, known.index.sums, check));
      const index = same ? known.index : newIndex(layout, name, crc32);
      const rows = index.finalNewline ? index.count : index.count - 1;
      const kept = keep && stamp.size <= maxKeptBytes ? ((same ? known.kept : null) ?? new KeptBytes()) : null;
      return new LineFile(path, handle, index, stamp, rows, kept, name, growth, threads);
    } catch (error) {
      await handle.close();
      throw fileError(error, 'read', path);
    }
  }

  /** How much of the file is indexed, from 0 to 1. */
  get share(): number {
    if (this.growth) return this.growth.share;
    return this.stamp.size === 0 ? 1 : Math.min(1, this.index.bytes / this.stamp.size);
  }

  /**
   * Finds all lines up to the end of the file, even if the file grows during the reading. The lines found so far can be
   * read.
   *
   * @throws MarginError `line-too-long`, `not-utf8`; `row-too-long`, `gap-too-long`, `json-syntax` for elements;
   *   `changed-on-disk` if the file shrank; the signal's reason if aborted
   */
  async readIndex({ signal, onProgress }: IndexOptions = {}): Promise<void> {
    await this.keepKnown();
    const { path, name, index, growth } = this;
    const grows = this.knownRows > 0;
    const step = (bytes: Uint8Array | null): void => {
      // The rows of a known file are shown already, so its last line must not disappear for a moment.
      if (grows) index.finish();
      if (bytes === null || index.bytes > maxKeptBytes) this.kept = null;
      else this.kept?.append(bytes);
      onProgress?.(index.bytes, Math.max(this.stamp.size, index.bytes));
    };
    const read = (buffer: Buffer, position: number): Promise<number> => this.readInto(buffer, position);
    const lend: UnreadFile['lend'] = (use) => this.lend(use);
    // Bytes that are kept must be in this thread.
    const threads = this.kept ? null : this.threads;
    await readIndex({ path, name, index, size: this.stamp.size, growth, threads, read, lend }, signal, step);
    if (index.bytes < this.stamp.size) throw this.changed();
    index.finish();
    if (grows || growth) this.stamp = stampOf(await this.handle.stat());
  }

  /**
   * The texts of the rows `from … from + count - 1` that are known, without their ends. Rows count from 0.
   *
   * @param form `file` for the records of CSV as they are
   * @throws MarginError `changed-on-disk`
   */
  async lines(from: number, count: number, form: RowForm = 'json'): Promise<string[]> {
    const end = Math.min(from + count, this.index.count);
    const texts: string[] = [];
    for (let row = from; row < end;) {
      let next = row + 1;
      while (next < end && this.index.start(next + 1) - this.index.start(row) <= pageBytes) next++;
      const offset = this.index.start(row);
      const ends = Array.from({ length: next - row }, (_, i) => this.index.start(row + i + 1) - offset);
      const bytes = await this.readKnown(offset, offset + must(ends.at(-1), 'the end of the last row'));
      const rows: Uint8Array[] = [];
      let start = 0;
      for (const stop of ends) {
        rows.push(this.index.withoutEnd(row, bytes.subarray(start, stop)));
        start = stop;
        row++;
      }
      for (const text of form === 'json' ? this.forms.texts(rows) : rows.map(lineText)) texts.push(text);
    }
    return texts;
  }

  /** See {@link RowForms.recordBytes}. */
  recordBytes(text: string, row: number): Uint8Array {
    return this.forms.recordBytes(text, row);
  }

  /** The bytes of rows `from … to - 1` with their ends, in chunks of at most 1 MB. */
  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array> {
    const end = this.index.start(to);
    for (let offset = this.index.start(from); offset < end;) {
      const chunk = await this.readKnown(offset, Math.min(end, blockStart(offset) + chunkBytes * 4));
      yield chunk;
      offset += chunk.length;
    }
  }

  /** The digest of the first `length` bytes, which must be known; see `digestOf`. */
  async digest(length: number): Promise<string> {
    const start = blockStart(length);
    const tail = length > start ? await this.readKnown(start, length) : Buffer.alloc(0);
    return digestOf(this.index.sums.fingerprintOf(start, tail));
  }

  /** At most `most` bytes from `position` on, by default the bytes that were appended after the known lines. */
  async beyond(most: number, position = this.index.bytes): Promise<Buffer> {
    const buffer = Buffer.alloc(most);
    return buffer.subarray(0, await this.readInto(buffer, position));
  }

  /** Whether this is the file with the given stamp, under any name. */
  async isAt(stamp: Stamp): Promise<boolean> {
    return sameFile(stampOf(await this.handle.stat()), stamp);
  }

  /** Rows whose bytes another program overwrote, ascending. */
  async lostRows(): Promise<number[]> {
    const { index } = this;
    if (this.isKept || sameStamp(stampOf(await this.handle.stat()), this.stamp)) return [];
    const lost: number[] = [];
    let row = 0;
    for (const block of await changedBlocks(this.handle, index.sums)) {
      row = Math.max(row, index.rowAt(block * blockBytes));
      for (; row < index.count && index.start(row) < (block + 1) * blockBytes; row++) lost.push(row);
    }
    return lost;
  }

  /** Lends the open file to another thread until `use` settles. */
  lend<T>(use: (fd: number) => Promise<T>): Promise<T> {
    const used = use(this.handle.fd);
    this.loans = Promise.allSettled([this.loans, used]).then(() => undefined);
    return used;
  }

  close(): Promise<void> {
    return this.loans.then(() => this.handle.close());
  }

  /** Whether all bytes are in memory. */
  get isKept(): boolean {
    return this.kept !== null && this.kept.length >= this.index.bytes;
  }

  /** The indexed bytes `start … end - 1`, checked by checksums. @throws MarginError `changed-on-disk` */
  async readKnown(start: number, end: number): Promise<Uint8Array> {
    if (this.kept && this.kept.length >= end) return this.kept.slice(start, end);
    const from = blockStart(start);
    const to = Math.min(blockStart(end + blockBytes - 1), this.index.bytes);
    const test = this.index.sums.tester(from, to);
    const buffer = Buffer.allocUnsafe(to - from);
    const filled = await this.readInto(buffer, from);
    if (!test(buffer.subarray(0, filled))) throw this.changed();
    return buffer.subarray(start - from, end - from);
  }

  /** Reads the known lines into memory, for {@link OpenOptions.keep}. An index may be known without its bytes. */
  async keepKnown(): Promise<void> {
    while (this.kept !== null && this.kept.length < this.index.bytes) {
      const kept = this.kept.length;
      const from = blockStart(kept);
      const bytes = await this.readKnown(from, Math.min(from + chunkBytes, this.index.bytes));
      this.kept.append(bytes.subarray(kept - from));
    }
  }

  private readInto(buffer: Buffer, position: number): Promise<number> {
    return readInto(this.handle, buffer, position).catch((error: unknown) => {
      throw fileError(error, 'read', this.path);
    });
  }

  /** The error for bytes that are not those of the index. */
  changed(): MarginError {
    const message = `${this.name} was changed by another program while it was open. Revert to what is on disk.`;
    return new MarginError('changed-on-disk', message, { file: this.path });
  }
}

function blockStart(offset: number): number {
  return offset - (offset % blockBytes);
}
