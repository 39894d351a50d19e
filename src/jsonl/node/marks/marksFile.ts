import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../../../base/node/fileError';
import { openRegular } from '../../../base/node/smallFile';
import { errorCode, MarginError } from '../../../base/pure/marginError';
import { TaskQueue } from '../../../base/pure/taskQueue';
import type { Ignore } from '../../../pairs/marks/ignore';
import { type EditRecord, type Mark } from '../../../pairs/marks/mark';
import { MarkBook } from '../../../pairs/marks/markBook';
import { editLine, ignoreLine, markLine, readMarkLine } from '../../../pairs/marks/markLines';
import { appendMarks } from './appendMarks';

const newline = 0x0a;
const chunkBytes = 1 << 20;
/** A record of an edit may hold two rows, and a row may have 100 MB. */
const maxLineBytes = 256 << 20;
/**
 * This many bytes before the place where reading continues are compared. They show whether lines were appended or the
 * text was replaced.
 */
const comparedBytes = 1024;

/** A line that holds no record. It stays in the file as it is. */
export interface DamagedLine {
  /** From 1. */
  readonly line: number;
  /** What is wrong, and how to fix it. */
  readonly fault: string;
}

/**
 * A marks file, and what its lines say. {@link read} reads what was added since; if another program wrote the file
 * differently, such as git, it reads all of it.
 */
export class MarksFile {
  readonly book = new MarkBook();
  private faults: DamagedLine[] = [];
  private unknown = 0;
  private offset = 0;
  private line = 0;
  private tail = Buffer.alloc(0);
  private readonly queue = new TaskQueue();

  constructor(
    readonly path: string,
    /** Called when the marks are read again from the start: marks that are only in memory must be added again. */
    private readonly forgotten: () => void = () => undefined,
  ) {}

  /** Whether the file has no line, or does not exist. */
  get isEmpty(): boolean {
    return this.offset === 0;
  }

  get damaged(): readonly DamagedLine[] {
    return this.faults;
  }

  /** The number of records of kinds that Margin does not know. */
  get unknownRecords(): number {
    return this.unknown;
  }

  /**
   * Reads what is new in the file. A file that does not exist has no marks.
   *
   * @throws MarginError `not-a-file` for a pipe or device; `corrupt` for a line longer than any record; `not-readable`
   *   and others of {@link fileError}
   */
  read(): Promise<void> {
    return this.queue.run(() => this.readNew());
  }

  /** Adds marks in memory at once, and to the file. @throws MarginError as {@link appendMarks} */
  async mark(...marks: readonly Mark[]): Promise<void> {
    for (const mark of marks) this.book.add(mark);
    await this.append(marks.map(markLine));
  }

  /** Adds records about ignored rules, as {@link mark} adds marks. @throws MarginError as {@link appendMarks} */
  async ignore(records: readonly Ignore[]): Promise<void> {
    for (const record of records) this.book.addIgnore(record);
    await this.append(records.map(ignoreLine));
  }

  /** Adds edits to the file. @throws MarginError as {@link appendMarks} */
  async log(edits: readonly EditRecord[]): Promise<void> {
    await this.append(edits.map(editLine));
  }

  /** In turn, so that the lines are in the order in which they were made. */
  private append(lines: readonly string[]): Promise<void> {
    return this.queue.run(async () => {
      await appendMarks(this.path, lines);
      await this.readNew();
    });
  }

  private async readNew(): Promise<void> {
    try {
      const file = await openRegular(this.path);
      try {
        if (!(await this.continues(file))) this.forget();
        await this.readRest(file);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (errorCode(error) !== 'missing') throw fileError(error, 'read', this.path);
      if (this.offset > 0) this.forget();
    }
  }

  /** Whether the file still has the bytes that were read last, at their place. */
  private async continues(file: FileHandle): Promise<boolean> {
    const { length } = this.tail;
    if (length === 0) return true;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.offset - length);
    return bytesRead === length && buffer.equals(this.tail);
  }

  private async readRest(file: FileHandle): Promise<void> {
    let rest = Buffer.alloc(0);
    for (;;) {
      const from = this.offset + rest.length;
      // A long line is read in growing chunks, so that its start is not copied again for each.
      const wanted = Math.max(chunkBytes, rest.length);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, from);
      if (bytesRead === 0) break;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(newline) + 1;
      this.take(bytes.subarray(0, end));
      rest = bytes.subarray(end);
      if (rest.length > maxLineBytes) throw this.tooLong();
    }
    // Another process may still be writing this line. If it is complete, only its line end is missing.
    if (rest.length > 0 && readMarkLine(rest.toString('utf8')).kind !== 'damaged') this.take(rest);
  }

  private take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.offset += bytes.length;
    this.tail = Buffer.concat([this.tail, bytes]).subarray(-comparedBytes);
    const text = bytes.toString('utf8');
    for (const line of text.replace(/\n$/, '').split('\n')) this.takeLine(line);
  }

  private takeLine(line: string): void {
    this.line++;
    if (line.trim() === '') return;
    const read = readMarkLine(this.line === 1 ? line.replace(/^\ufeff/, '') : line);
    switch (read.kind) {
      case 'mark':
        return this.book.add(read.mark);
      case 'edit':
        return this.book.addEdit(read.edit);
      case 'ignore':
        return this.book.addIgnore(read.ignore);
      case 'unknown':
        this.unknown++;
        return;
      case 'damaged':
        this.faults.push({ line: this.line, fault: read.fault });
    }
  }

  private tooLong(): MarginError {
    const message = `${this.path}:${this.line + 1} is longer than ${maxLineBytes >> 20} MB: the file is damaged. Restore it or delete it.`;
    return new MarginError('corrupt', message, { path: this.path, line: this.line + 1 });
  }

  private forget(): void {
    this.offset = 0;
    this.line = 0;
    this.tail = Buffer.alloc(0);
    this.faults = [];
    this.unknown = 0;
    this.book.clear();
    this.forgotten();
  }
}
