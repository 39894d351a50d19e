import { type FileHandle, open } from 'node:fs/promises';
import { MarginError } from '../base/pure/marginError';
import { fileError } from './fileError';
import { type Fingerprint, fingerprintOf, sameFingerprint } from './fingerprint';
import { LineIndex } from './lineIndex';
import { lineText, withoutLineEnd } from './lineText';

export interface IndexOptions {
  readonly signal?: AbortSignal;
  /** After each chunk: bytes seen and the file's size. */
  readonly onProgress?: (bytes: number, size: number) => void;
}

/** Bytes read at a time; finding the line ends in them takes well under a millisecond. */
const chunkBytes = 1 << 18;
/** Lines read together take at most this, unless one line alone takes more. */
const pageBytes = 1 << 22;

/** A file of lines, held open: it stays the file that was opened even when another takes its name. */
export class LineFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    readonly index: LineIndex,
    readonly fingerprint: Fingerprint,
  ) {}

  /**
   * Opens a file; {@link readIndex} reads it, unless `index` is known. Throws MarginError `not-found`, `no-access`,
   * `is-a-folder`.
   */
  static async open(path: string, index?: LineIndex): Promise<LineFile> {
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw fileError(error, path, 'read');
    });
    try {
      const file = new LineFile(path, handle, index ?? new LineIndex(path), await fingerprintOf(handle));
      if (index && index.bytes !== file.fingerprint.size) throw file.changed();
      return file;
    } catch (error) {
      await handle.close();
      throw fileError(error, path, 'read');
    }
  }

  /**
   * Finds all lines; those found so far can be read meanwhile. Throws MarginError `line-too-long`, `not-utf8`,
   * `changed-on-disk` where the file grew or shrank meanwhile; the signal's reason when aborted.
   */
  async readIndex({ signal, onProgress }: IndexOptions = {}): Promise<void> {
    const buffer = Buffer.alloc(chunkBytes);
    const { size } = this.fingerprint;
    for (;;) {
      signal?.throwIfAborted();
      const bytes = await this.readInto(buffer, this.index.bytes);
      if (bytes === 0) break;
      this.index.push(buffer.subarray(0, bytes));
      onProgress?.(this.index.bytes, size);
    }
    if (this.index.bytes !== size) throw this.changed();
    this.index.finish();
  }

  /** The texts of rows `from … from + count - 1`, as far as they are known. */
  async lines(from: number, count: number): Promise<string[]> {
    const end = Math.min(from + count, this.index.count);
    const texts: string[] = [];
    for (let row = from; row < end; ) {
      let next = row + 1;
      while (next < end && this.index.start(next + 1) - this.index.start(row) <= pageBytes) next++;
      const bytes = await this.bytes(row, next);
      const offset = this.index.start(row);
      for (; row < next; row++) {
        texts.push(lineText(withoutLineEnd(bytes.subarray(this.index.start(row) - offset, this.index.start(row + 1) - offset))));
      }
    }
    return texts;
  }

  /** The bytes of rows `from … to - 1` with their line ends. */
  async bytes(from: number, to: number): Promise<Buffer> {
    const start = this.index.start(from);
    const buffer = Buffer.allocUnsafe(this.index.start(to) - start);
    if ((await this.readInto(buffer, start)) < buffer.length) throw this.changed();
    return buffer;
  }

  /** The line end of a row: LF, CR LF, or nothing at the end of the file. */
  async lineEnd(row: number): Promise<string> {
    const end = this.index.start(row + 1);
    const tail = Buffer.alloc(Math.min(2, end - this.index.start(row)));
    if ((await this.readInto(tail, end - tail.length)) < tail.length) throw this.changed();
    return tail.toString('latin1').match(/\r?\n$/)?.[0] ?? '';
  }

  /** Reads bytes `start … end - 1` in pieces; a piece is valid until the next is asked for. */
  async *chunks(start: number, end: number): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes * 4, end - start));
    for (let at = start; at < end; ) {
      const bytes = await this.readInto(buffer.subarray(0, Math.min(buffer.length, end - at)), at);
      if (bytes === 0) throw this.changed();
      yield buffer.subarray(0, bytes);
      at += bytes;
    }
  }

  /** Throws MarginError `changed-on-disk` where the open file itself was written to; one that only lost its name is intact. */
  async checkIntact(): Promise<void> {
    if (sameFingerprint(await fingerprintOf(this.handle), this.fingerprint)) return;
    const message = `${this.path} was written to by another program, so its untouched lines cannot be read any more. Revert to what is on disk.`;
    throw new MarginError('changed-on-disk', message, { file: this.path });
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** Fills `buffer` from `position` on; returns fewer bytes only at the end of the file. */
  private async readInto(buffer: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, filled, buffer.length - filled, position + filled).catch((error: unknown) => {
        throw fileError(error, this.path, 'read');
      });
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  private changed(): MarginError {
    const message = `${this.path} was changed by another program while it was read. Open it again.`;
    return new MarginError('changed-on-disk', message, { file: this.path });
  }
}
