import type { FileHandle } from 'node:fs/promises';
import { openRegular } from '../../base/node/smallFile';
import { LineRows } from '../../jsonl/containers/lineRows';
import type { RowSplitter, RowText } from '../../jsonl/containers/rowText';
import { ElementScanner } from '../../jsonl/elementScanner';
import { ElementSplitter } from '../../jsonl/elementSplitter';
import { containerOf, headBytes, layoutOf } from '../../jsonl/fileKind';
import { LineScanner } from '../../jsonl/lineScanner';
import { parquetOutline } from '../../jsonl/node/containers/parquetOutline';
import { readRows } from '../../jsonl/node/readRows';
import type { RowLayout } from '../../jsonl/rowIndex';
import { ignoredIn, ignoredOfFile } from '../../jsonl/node/marks/ignoredIn';
import { checkRow } from '../../pairs/checks';
import { sameJson } from '../../pairs/json';
import { parted } from '../../pairs/marks/ignore';
import type { Problem } from '../../pairs/problem';
import { withLevels } from '../../pairs/rules/levels';
import type { Reading } from '../../pairs/reading';
import { readPair } from '../../pairs/readPair';
import { Slices } from '../../editor/slices';

export interface RowCounts {
  readonly rows: number;
  /** Rows with errors or warnings; null if the file is too large to check every row. */
  readonly problems: number | null;
}

/** Rows of larger files are only counted. The editor checks them when it opens the file. */
const maxChecked = 64 * 1024 * 1024;
const chunkBytes = 1 << 18;
/**
 * Bytes kept from before the place where counting stopped. If they are unchanged, the file before them counts as
 * unchanged too.
 */
const seamBytes = 4096;
const lf = 10;

/** Takes the bytes of a file in order, and counts the rows that end in each chunk. */
interface RowCounter {
  push(chunk: Uint8Array): Promise<RowCount>;
  /** Counts the row after the last line end, if there is one. */
  end(): RowCount;
}

interface RowCount {
  readonly rows: number;
  readonly problems: number;
}

/**
 * Counts the rows and problems of a file. When the file grows, the next count reads only the appended rows. An aborted
 * {@link advance} keeps what it has counted.
 */
export class RowTally {
  /** Byte after the last counted line end. */
  private position = 0;
  private inode = -1;
  private seam = Buffer.alloc(0);
  private rows = 0;
  private problems = 0;
  private bytes = 0;
  private reading: Reading;

  constructor(
    private readonly path: string,
    reading: Reading,
  ) {
    this.reading = reading;
  }

  /** Bytes read so far, in all calls. */
  get bytesRead(): number {
    return this.bytes;
  }

  /** Makes the next call count the whole file. */
  forget(): void {
    this.inode = -1;
  }

  /**
   * Counts to the end of the file, in slices that keep the host responsive.
   *
   * @throws MarginError `line-too-long`, `not-utf8`, those of the scanner of elements, and those of reading; the
   *   signal's reason when aborted
   */
  async advance(signal: AbortSignal): Promise<RowCounts> {
    const file = await openRegular(this.path);
    try {
      const { size, ino } = await file.stat();
      const { rules: ignored } = await ignoredOfFile(this.path);
      if (!sameJson(ignored, this.reading.ignored)) this.forget();
      this.reading = { ...this.reading, ignored };
      if (ino !== this.inode || !(await this.continues(file, size))) this.restart(ino);
      const slices = new Slices(signal);
      const checks = size <= maxChecked;
      const head = await this.headOf(file);
      const { kind } = containerOf(head, size <= headBytes, this.path);
      if (kind === 'parquet') return { rows: (await parquetOutline(this.path)).rows, problems: null };
      if (kind !== 'lines' && kind !== 'array' && kind !== 'objects')
        return await this.countRows(signal, checks, slices);
      const layout = layoutOf(head, size <= headBytes, this.path);
      const splitter = layout === 'lines' ? new LineRows(this.path) : new ElementSplitter(this.path);
      const counter = checks ? checkedRows(splitter, this.reading, slices) : countedRows(layout, this.path, slices);
      // The count of an array is valid only after its end.
      if (layout !== 'lines') this.restart(ino);
      const last = await this.readOn(file, counter, layout === 'lines');
      return { rows: this.rows + last.rows, problems: checks ? this.problems + last.problems : null };
    } finally {
      await file.close();
    }
  }

  private async headOf(file: FileHandle): Promise<Buffer> {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  }

  /** Counts the rows of CSV and packed files, each time from the start. */
  private async countRows(signal: AbortSignal, checks: boolean, slices: Slices): Promise<RowCounts> {
    let [rows, problems] = [0, 0];
    for await (const read of readRows(this.path, signal)) {
      rows += read.length;
      if (!checks) continue;
      for (const row of read) {
        await slices.breathe();
        if (hasProblem(row, this.reading)) problems++;
      }
    }
    return { rows, problems: checks ? problems : null };
  }

  private restart(inode: number): void {
    Object.assign(this, { inode, position: 0, rows: 0, problems: 0, seam: Buffer.alloc(0) });
  }

  /** Whether the file is the counted one, unchanged or with more rows at its end. */
  private async continues(file: FileHandle, size: number): Promise<boolean> {
    if (size < this.position) return false;
    const before = Buffer.alloc(this.seam.length);
    const { bytesRead } = await file.read(before, 0, before.length, this.position - before.length);
    return bytesRead === before.length && before.equals(this.seam);
  }

  /**
   * Counts every row.
   *
   * @param resumes whether the next count can continue after any line end
   * @returns the count of the rows after the last such line end
   */
  private async readOn(file: FileHandle, counter: RowCounter, resumes: boolean): Promise<RowCount> {
    let open: RowCount = { rows: 0, problems: 0 };
    const buffer = Buffer.alloc(chunkBytes);
    for (let at = this.position; ;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, at);
      if (bytesRead === 0) return sum(open, counter.end());
      const chunk = buffer.subarray(0, bytesRead);
      open = sum(open, await counter.push(chunk));
      const end = resumes ? chunk.lastIndexOf(lf) + 1 : 0;
      if (end > 0) {
        this.commit(chunk.subarray(0, end), at + end, open);
        open = { rows: 0, problems: 0 };
      }
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

function sum(a: RowCount, b: RowCount): RowCount {
  return { rows: a.rows + b.rows, problems: a.problems + b.problems };
}

function checkedRows(splitter: RowSplitter, reading: Reading, slices: Slices): RowCounter {
  const count = (rows: readonly RowText[]): RowCount => ({
    rows: rows.length,
    problems: rows.filter((row) => hasProblem(row, reading)).length,
  });
  return {
    async push(chunk) {
      let [rows, problems] = [0, 0];
      for (const row of splitter.push(chunk)) {
        await slices.breathe();
        rows++;
        if (hasProblem(row, reading)) problems++;
      }
      await slices.breathe();
      return { rows, problems };
    },
    end: () => count(splitter.end()),
  };
}

function hasProblem({ text, problem }: RowText, reading: Reading): boolean {
  return problem !== undefined || problemsIn(text, reading).some(({ severity }) => severity !== 'info');
}

function problemsIn(text: string, reading: Reading): readonly Problem[] {
  const result = readPair(text, reading);
  const found = withLevels(checkRow(result), reading.levels);
  return found.length === 0 ? found : parted(found, ignoredIn(result, reading.ignored)).reported;
}

/** Counts rows without reading them. */
function countedRows(layout: RowLayout, path: string, slices: Slices): RowCounter {
  if (layout === 'lines') {
    const lines = new LineScanner(path);
    return counted(lines, slices, () => (lines.unfinished ? 1 : 0));
  }
  const elements = new ElementScanner(path);
  return counted(elements, slices, () => {
    elements.end();
    return 0;
  });
}

/** @param last the number of rows that end with the file */
function counted(scanner: LineScanner | ElementScanner, slices: Slices, last: () => number): RowCounter {
  return {
    async push(chunk) {
      let rows = 0;
      scanner.push(chunk, () => rows++);
      await slices.breathe();
      return { rows, problems: 0 };
    },
    end: () => ({ rows: last(), problems: 0 }),
  };
}
