import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { fileError } from '../../base/node/fileError';
import { openRegular } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { blockBytes } from '../blockSums';
import { KeptBytes } from '../keptBytes';
import { LineIndex } from '../lineIndex';
import { lineText, withoutLineEnd } from '../lineText';
import { digestOf } from './digest';
import { readInto } from './readBytes';
import { changedBlocks, hasHead, type Thoroughness } from './sameHead';
import { sameFile, sameStamp, type Stamp, stampOf } from '../stamp';

export interface IndexOptions {
  readonly signal?: AbortSignal;
  /** After each chunk: bytes seen and the file's size. */
  readonly onProgress?: (bytes: number, size: number) => void;
}

/** What an earlier reading of a file found: a closed {@link LineFile}, or the index of what was just written. */
export interface Known {
  readonly index: LineIndex;
  readonly kept?: KeptBytes | null;
}

export interface OpenOptions {
  /**
   * An earlier reading, which is gone on with where the file still begins so. It must not be used any more afterwards.
   */
  readonly known?: Known;
  /** How much of that beginning is read again. */
  readonly check?: Thoroughness;
  /** Keeps the bytes of a small file in memory, so that its lines stay whatever happens to the file. */
  readonly keep?: boolean;
}

/** Bytes read at a time; finding the line ends in them takes well under a millisecond. */
const chunkBytes = 1 << 18;
/** Lines read together take at most this, unless one line alone takes more. */
const pageBytes = 1 << 22;
/** Of larger files no copy is kept: what an open document may take beside VS Code's own editors. */
const maxKeptBytes = 1 << 24;

/**
 * A file of lines, held open: it stays the file that was opened even when another takes its name. Lines that are read
 * are those that were indexed: where another program wrote over them, reading throws `changed-on-disk`.
 */
export class LineFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    readonly index: LineIndex,
    public stamp: Stamp,
    /** Rows that `known` had found and that are the same; 0 where there was none, or the file no longer begins so. */
    readonly knownRows: number,
    public kept: KeptBytes | null,
  ) {}

  /**
   * Opens a regular file; {@link readIndex} reads it, or what `known` lacks of it. Throws MarginError `missing`,
   * `not-readable`, `not-a-file`.
   */
  static async open(path: string, { known, check = 'some', keep = false }: OpenOptions = {}): Promise<LineFile> {
    const handle = await openRegular(path);
    try {
      const stamp = stampOf(await handle.stat());
      const same = known && known.index.bytes <= stamp.size && (await hasHead(handle, known.index.sums, check));
      const index = same ? known.index : new LineIndex(path, crc32);
      const rows = index.finalNewline ? index.count : index.count - 1;
      const kept = keep && stamp.size <= maxKeptBytes ? ((same ? known.kept : null) ?? new KeptBytes()) : null;
      return new LineFile(path, handle, index, stamp, rows, kept);
    } catch (error) {
      await handle.close();
      throw fileError(error, 'read', path);
    }
  }

  /**
   * Finds all lines, to the end of a file that grows meanwhile; those found so far can be read. Throws MarginError
   * `line-too-long`, `not-utf8`, `changed-on-disk` where the file shrank; the signal's reason when aborted.
   */
  async readIndex({ signal, onProgress }: IndexOptions = {}): Promise<void> {
    await this.keepKnown();
    const buffer = Buffer.alloc(chunkBytes);
    for (;;) {
      signal?.throwIfAborted();
      const bytes = buffer.subarray(0, await this.readInto(buffer, this.index.bytes));
      if (bytes.length === 0) break;
      const grows = this.knownRows > 0;
      this.index.push(bytes);
      // The last line of a file that grows must not be missing for a moment.
      if (grows) this.index.finish();
      if (this.index.bytes > maxKeptBytes) this.kept = null;
      this.kept?.append(bytes);
      onProgress?.(this.index.bytes, Math.max(this.stamp.size, this.index.bytes));
    }
    if (this.index.bytes < this.stamp.size) throw this.changed();
    this.index.finish();
    if (this.knownRows > 0) this.stamp = stampOf(await this.handle.stat());
  }

  /** The texts of rows `from … from + count - 1`, as far as they are known. */
  async lines(from: number, count: number): Promise<string[]> {
    const end = Math.min(from + count, this.index.count);
    const texts: string[] = [];
    for (let row = from; row < end;) {
      let next = row + 1;
      while (next < end && this.index.start(next + 1) - this.index.start(row) <= pageBytes) next++;
      const offset = this.index.start(row);
      const ends = Array.from({ length: next - row }, (_, i) => this.index.start(row + i + 1) - offset);
      const bytes = await this.read(offset, offset + (ends.at(-1) ?? 0));
      let start = 0;
      for (const stop of ends) {
        texts.push(lineText(withoutLineEnd(bytes.subarray(start, stop))));
        start = stop;
      }
      row = next;
    }
    return texts;
  }

  /** The bytes of rows `from … to - 1` with their line ends, in pieces. */
  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array> {
    const end = this.index.start(to);
    for (let at = this.index.start(from); at < end;) {
      const piece = await this.read(at, Math.min(end, blockStart(at) + chunkBytes * 4));
      yield piece;
      at += piece.length;
    }
  }

  /** A name for the first `length` bytes, all of which are known. */
  async digest(length: number): Promise<string> {
    const start = blockStart(length);
    const tail = length > start ? await this.read(start, length) : Buffer.alloc(0);
    return digestOf(this.index.sums.fingerprintOf(start, tail));
  }

  /** Bytes that were written after the lines that are known, from `position` on, up to `most` of them. */
  async beyond(most: number, position = this.index.bytes): Promise<Buffer> {
    const buffer = Buffer.alloc(most);
    return buffer.subarray(0, await this.readInto(buffer, position));
  }

  /** Whether this is the file that another name has now. */
  async isAt(stamp: Stamp): Promise<boolean> {
    return sameFile(stampOf(await this.handle.stat()), stamp);
  }

  /** Rows whose bytes another program wrote over, rising. */
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

  close(): Promise<void> {
    return this.handle.close();
  }

  private get isKept(): boolean {
    return this.kept !== null && this.kept.length >= this.index.bytes;
  }

  /** Reads indexed bytes by whole blocks, so that their checksums tell whether they are those that were indexed. */
  private async read(start: number, end: number): Promise<Uint8Array> {
    if (this.kept && this.kept.length >= end) return this.kept.slice(start, end);
    const from = blockStart(start);
    const to = Math.min(blockStart(end + blockBytes - 1), this.index.bytes);
    const test = this.index.sums.tester(from, to);
    const buffer = Buffer.allocUnsafe(to - from);
    const filled = await this.readInto(buffer, from);
    if (!test(buffer.subarray(0, filled))) throw this.changed();
    return buffer.subarray(start - from, end - from);
  }

  /** Takes into memory what {@link OpenOptions.keep} asks for; a known index may come without its bytes. */
  async keepKnown(): Promise<void> {
    for (;;) {
      const at = this.kept?.length ?? this.index.bytes;
      if (at >= this.index.bytes) return;
      const from = blockStart(at);
      const bytes = await this.read(from, Math.min(from + chunkBytes, this.index.bytes));
      this.kept?.append(bytes.subarray(at - from));
    }
  }

  private readInto(buffer: Buffer, position: number): Promise<number> {
    return readInto(this.handle, buffer, position).catch((error: unknown) => {
      throw fileError(error, 'read', this.path);
    });
  }

  private changed(): MarginError {
    const message = `${this.path} was changed by another program while it was open. Revert to what is on disk.`;
    return new MarginError('changed-on-disk', message, { file: this.path });
  }
}

function blockStart(offset: number): number {
  return offset - (offset % blockBytes);
}
