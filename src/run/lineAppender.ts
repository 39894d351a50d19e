import { closeSync, fstatSync, ftruncateSync, readSync } from 'node:fs';
import { fileError } from '../base/node/fileError';
import { openForAppending } from '../base/node/smallFile';
import { writeAllSync } from '../base/node/writeAll';

const newline = 0x0a;

/**
 * Appends lines to a file of a run folder. Each call is one write, so lines are complete unless the process is killed
 * during the write. The next writer ends such a line before it writes.
 */
export class LineAppender {
  private readonly file: number;
  /** Whether the file ends inside a line. */
  private torn: boolean;

  /** Errors as {@link fileError}. */
  constructor(private readonly path: string) {
    try {
      this.file = openForAppending(path);
      this.torn = endsTorn(this.file);
    } catch (error) {
      throw fileError(error, 'write', path);
    }
  }

  /**
   * Appends some lines with their line ends. Errors as {@link fileError}: `disk-full`, …
   */
  append(lines: string): void {
    const bytes = Buffer.from(`${this.torn ? '\n' : ''}${lines}`);
    this.torn = true;
    try {
      writeAllSync(this.file, bytes);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
    this.torn = false;
  }

  /** Removes what follows the first `length` bytes, which end with a line. Errors as {@link fileError}. */
  truncate(length: number): void {
    try {
      ftruncateSync(this.file, length);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
    this.torn = false;
  }

  /** Errors as {@link fileError}: some network disks tell only now that they are full. */
  close(): void {
    try {
      closeSync(this.file);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }
}

function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== newline;
}
