import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../../base/node/smallFile';
import { LineScanner } from '../../jsonl/lineScanner';
import { LineSplitter } from '../../jsonl/lineSplitter';
import { checkRow } from '../../pairs/checks';
import { readPair } from '../../pairs/readPair';
import { Slices } from '../pairEditor/slices';

export interface RowCounts {
  readonly rows: number;
  /** Rows with errors or warnings; null where the file is too large to check all of it. */
  readonly problems: number | null;
}

/** Larger files are only counted here; the editor checks them when they are opened. */
const maxChecked = 64 * 1024 * 1024;
const chunkBytes = 1 << 18;
/** Bytes before the place where counting stopped: where they are the same, so is what lies before them. */
const seamBytes = 4096;
const lf = 10;

/** Takes bytes in order and tells of the lines that ended in them. */
interface LineCounter {
  push(chunk: Uint8Array): Promise<RowCount>;
  /** The line behind the last line end, where there is one. */
  end(): RowCount;
}

interface RowCount {
  readonly rows: number;
  readonly problems: number;
}

/**
 * Counts a file's rows and problems, and goes on from where it stood when the file grows: only appended rows are read.
 * What was counted stays counted when {@link advance} is aborted.
 */
export class RowTally {
  /** Behind the last line end that was counted. */
  private position = 0;
  private inode = -1;
  private seam = Buffer.alloc(0);
  private rows = 0;
  private problems = 0;
  private bytes = 0;

  constructor(private readonly path: string) {}

  /** Bytes read so far, by all calls. */
  get bytesRead(): number {
    return this.bytes;
  }

  /** Counts the whole file at the next call. */
  forget(): void {
    this.inode = -1;
  }

  /**
   * Counts to the end of the file, in slices that leave the host responsive.
   *
   * @throws MarginError of reading, and `line-too-long`, `not-utf8`; the signal's reason when aborted
   */
  async advance(signal: AbortSignal): Promise<RowCounts> {
    const file = await openRegular(this.path);
    try {
      const { size, ino } = await file.stat();
      if (ino !== this.inode || !(await this.continues(file, size))) this.restart(ino);
      const slices = new Slices(signal);
      const checks = size <= maxChecked;
      const last = await this.readOn(file, checks ? checkedLines(this.path, slices) : countedLines(this.path, slices));
      return { rows: this.rows + last.rows, problems: checks ? this.problems + last.problems : null };
    } finally {
      await file.close();
    }
  }

  private restart(inode: number): void {
    Object.assign(this, { inode, position: 0, rows: 0, problems: 0, seam: Buffer.alloc(0) });
  }

  /** Whether the file is the one that was counted, with at most more at its end. */
  private async continues(file: FileHandle, size: number): Promise<boolean> {
    if (size < this.position) return false;
    const before = Buffer.alloc(this.seam.length);
    const { bytesRead } = await file.read(before, 0, before.length, this.position - before.length);
    return bytesRead === before.length && before.equals(this.seam);
  }

  /** Counts every line that has an end; gives back the last one, where it has none yet. */
  private async readOn(file: FileHandle, lines: LineCounter): Promise<RowCount> {
    const buffer = Buffer.alloc(chunkBytes);
    for (let at = this.position; ;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, at);
      if (bytesRead === 0) return lines.end();
      const chunk = buffer.subarray(0, bytesRead);
      const ended = await lines.push(chunk);
      const end = chunk.lastIndexOf(lf) + 1;
      if (end > 0) this.commit(chunk.subarray(0, end), at + end, ended);
      at += bytesRead;
      this.bytes += bytesRead;
    }
  }

  private commit(counted: Buffer, position: number, { rows, problems }: RowCount): void {
    this.position = position;
    this.rows += rows;
    this.problems += problems;
    this.seam = Buffer.from(counted.subarray(-seamBytes));
  }
}

function checkedLines(path: string, slices: Slices): LineCounter {
  const splitter = new LineSplitter(path);
  const count = (lines: readonly string[]): RowCount => ({
    rows: lines.length,
    problems: lines.filter(hasProblem).length,
  });
  return {
    async push(chunk) {
      let [rows, problems] = [0, 0];
      for (const line of splitter.push(chunk)) {
        await slices.breathe();
        rows++;
        if (hasProblem(line)) problems++;
      }
      await slices.breathe();
      return { rows, problems };
    },
    end: () => count(splitter.end()),
  };
}

function countedLines(path: string, slices: Slices): LineCounter {
  const scanner = new LineScanner(path);
  return {
    async push(chunk) {
      let rows = 0;
      scanner.push(chunk, () => rows++);
      await slices.breathe();
      return { rows, problems: 0 };
    },
    end: () => ({ rows: scanner.unfinished ? 1 : 0, problems: 0 }),
  };
}

function hasProblem(line: string): boolean {
  return checkRow(readPair(line)).some(({ severity }) => severity !== 'info');
}
