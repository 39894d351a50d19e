import { type Edit, inverse } from '../../pairs/edits';
import { PieceTable } from '../../pairs/pieceTable';
import { type Backup, backupBase, restorable, type Restored, writeBackup } from './backup';
import { type DiskState, refuseChanged } from './diskState';
import { type IndexOptions, LineFile } from './lineFile';
import type { Thoroughness } from './sameHead';
import { SourceFile, type WriteOptions } from './sourceFile';
import { isSameFile } from './target';
import { interruptedSaves, removeAbandoned } from '../../base/node/temporaryFile';

/** What happened to a document. `edit` is what was applied to its rows: the edit itself, or on undo its inverse. */
export type DocumentChange =
  { readonly kind: 'edited'; readonly edit: Edit } | { readonly kind: 'grown' | 'indexed' | 'saved' | 'reverted' };

/** An edit that was applied, with the functions that take it back and forth, as VS Code's undo stack calls them. */
export interface AppliedEdit {
  readonly edit: Edit;
  undo(): void;
  redo(): void;
}

interface Entry {
  readonly edit: Edit;
  /** Which reading of the file it belongs to. */
  readonly epoch: number;
}

/** A large file grows by thousands of chunks a second; listeners hear of it this often. */
const growMs = 50;

/**
 * A file of lines with unsaved edits over it. Undo takes an unsaved edit away; of a saved one it appends the inverse
 * (vscode-hexeditor's `HexDocumentModel`), so that undo reaches back over a save.
 */
export class LinesDocument {
  private rows = new PieceTable(0);
  private unsaved: Entry[] = [];
  /** How many of `unsaved` a running save has taken. */
  private saving = 0;
  private changes = 0;
  private epoch = 0;
  private readonly listeners = new Set<(change: DocumentChange) => void>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();
  private index: Promise<void> = Promise.resolve();
  private indexed = false;

  private constructor(
    private source: SourceFile,
    /** Files that hold all of what a save was to write, where a process ended while it wrote this file in place. */
    readonly interrupted: readonly string[],
  ) {}

  /**
   * Opens a file; its rows come while {@link whenIndexed} runs. Removes what a killed process left of a save of it.
   * Throws MarginError `missing`, `not-readable`, `not-a-file`.
   */
  static async open(file: string, options: IndexOptions = {}): Promise<LinesDocument> {
    const source = new SourceFile(await LineFile.open(file, { keep: true }));
    const document = new LinesDocument(source, await interruptedSaves(file));
    await removeAbandoned(file);
    document.startIndex(options);
    return document;
  }

  get path(): string {
    return this.source.path;
  }

  /** Grows by one with every change of the rows. */
  get revision(): number {
    return this.changes;
  }

  get rowCount(): number {
    return this.rows.length;
  }

  get isIndexing(): boolean {
    return !this.indexed;
  }

  get isDirty(): boolean {
    return this.unsaved.length > 0;
  }

  /** Settles when all lines are known. Errors as {@link LineFile.readIndex}. */
  whenIndexed(): Promise<void> {
    return this.index;
  }

  onDidChange(listener: (change: DocumentChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Whether the row was changed or added since the last save. */
  isEdited(row: number): boolean {
    return this.rows.at(row).kind === 'text';
  }

  /** The lines of rows `from … from + count - 1`, as far as there are any. */
  async lines(from: number, count: number): Promise<string[]> {
    const { source, rows } = this;
    const base = source.lines;
    try {
      return await source.read(rows.page(from, count));
    } catch (error) {
      // A save or revert may have closed the file under this read, or be writing it in place; what comes of it is asked
      // for.
      await this.queue;
      if (this.source.lines !== base) return this.lines(from, count);
      throw error;
    }
  }

  /** Throws MarginError `no-such-row`. */
  applyEdit(edit: Edit): AppliedEdit {
    const whole = this.withEnds(edit);
    let current = this.append(whole);
    const turn = (): void => {
      current = this.takeBack(current);
    };
    return { edit: whole, undo: turn, redo: turn };
  }

  /**
   * Writes the edits into the file. PieceTable that another program has appended join it first; a file that is gone is made
   * again. Throws MarginError `changed-on-disk` where the file has other lines than were opened (unless `overwrite`),
   * `disk-full`, `not-writable`; the edits then stay unsaved, and the file is as it was.
   */
  save(options: WriteOptions = {}): Promise<void> {
    return this.alone(async () => {
      await this.index;
      for (let saved = false; !saved;) {
        if (!options.overwrite) refuseChanged(this.path, await this.takeIn('all'));
        saved = await this.write(options);
      }
      this.tell({ kind: 'saved' });
      // What was appended meanwhile.
      await this.takeIn('some');
    });
  }

  /**
   * Writes the rows to another file; this document stays what it is. To its own file it is {@link save} with
   * `overwrite`. Answers which rows are missing there, because another program wrote over a file too large to be kept
   * in memory.
   */
  async saveAs(target: string, signal?: AbortSignal): Promise<readonly number[]> {
    if (await isSameFile(target, this.path))
      return this.save({ ...(signal && { signal }), overwrite: true }).then(() => []);
    return this.alone(async () => {
      await this.index;
      return this.source.writeCopy(this.rows.runs(), target, signal);
    });
  }

  /** Drops the unsaved edits and reads the file as it is now. */
  revert(): Promise<void> {
    return this.alone(async () => {
      await this.index.catch(() => undefined);
      const source = await SourceFile.read(this.path, this.closing.signal);
      this.epoch++;
      await this.rebase(source, []);
      this.tell({ kind: 'reverted' });
    });
  }

  /**
   * Takes in what another program appended to the file, and tells how it stands to the rows then: `same` (but for
   * edits), `changed` or `gone`.
   */
  follow(): Promise<DiskState> {
    return this.alone(() => this.takeIn('some'));
  }

  /** Writes the unsaved edits to `file`, for {@link restore}. */
  async backup(file: string): Promise<void> {
    const edits = this.unsaved.map((entry) => entry.edit);
    await writeBackup(file, { version: 2, path: this.path, base: backupBase(this.source.lines.index), edits });
  }

  /** Applies a backup's edits, if the file still has the lines that they were made on. */
  async restore(backup: Backup): Promise<Restored> {
    await this.index;
    const restored = await restorable(this.source.lines, backup);
    if (restored.kind === 'restored') for (const edit of backup.edits) this.append(edit);
    return restored;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.listeners.clear();
    await Promise.allSettled([this.queue, this.index]);
    await this.source.lines.close();
  }

  private startIndex({ signal, onProgress }: IndexOptions): void {
    const signals = signal ? [signal, this.closing.signal] : [this.closing.signal];
    const base = this.source.lines;
    const grow = (): void => this.rows.extend(base.index.count);
    let told = Number.NEGATIVE_INFINITY;
    const seen = (bytes: number, size: number): void => {
      grow();
      const now = performance.now();
      if (now - told >= growMs) {
        told = now;
        this.tell({ kind: 'grown' });
      }
      onProgress?.(bytes, size);
    };
    this.index = base.readIndex({ signal: AbortSignal.any(signals), onProgress: seen }).then(() => {
      grow();
      this.indexed = true;
      this.source.settle();
      this.tell({ kind: 'indexed' });
    });
    // Whoever waits gets the error; without this an unawaited one would end the process.
    this.index.catch(() => undefined);
  }

  private append(edit: Edit): Entry {
    this.rows.apply(edit);
    const entry = { edit, epoch: this.epoch };
    this.unsaved.push(entry);
    this.tell({ kind: 'edited', edit });
    return entry;
  }

  /** Undoes an entry; returns the entry that stands for the undoing: undoing that one is the redo. */
  private takeBack(entry: Entry): Entry {
    // A revert has dropped the rows that the edit speaks of.
    if (entry.epoch !== this.epoch) return entry;
    const edit = inverse(entry.edit);
    if (this.unsaved.length <= this.saving || this.unsaved.at(-1) !== entry) return this.append(edit);
    this.unsaved.pop();
    this.rows.revert();
    this.tell({ kind: 'edited', edit });
    return { edit, epoch: this.epoch };
  }

  /** A deletion remembers line ends that are not the usual one, so that undoing it after a save brings them back. */
  private withEnds(edit: Edit): Edit {
    if (edit.op !== 'delete' || edit.ends) return edit;
    const ends = edit.lines.map((_, i) => this.source.endOf(this.rows.at(edit.row + i)));
    return ends.every((end) => end === this.source.style.lineEnd) ? edit : { ...edit, ends };
  }

  private async takeIn(check: Thoroughness): Promise<DiskState> {
    await this.index;
    const disk = await this.source.look(check);
    if (disk.state !== 'grown') return disk.state;
    const { index } = disk.file;
    const last = index.count - 1;
    const grown = await this.source.extend(disk.file, this.rows.rowOfBase(last) !== undefined, this.closing.signal);
    if (!grown) return 'changed';
    this.rows.extend(index.count);
    const row = this.rows.rowOfBase(last);
    if (grown.joined && row !== undefined) this.tell({ kind: 'edited', edit: { op: 'replace', row, ...grown.joined } });
    this.tell({ kind: 'grown' });
    return 'same';
  }

  /** Answers false where another program appended to the file meanwhile. */
  private async write(options: WriteOptions): Promise<boolean> {
    this.saving = this.unsaved.length;
    try {
      const source = await this.source.write([...this.rows.runs()], options);
      if (!source) return false;
      await this.rebase(source, this.unsaved.slice(this.saving));
      return true;
    } finally {
      this.saving = 0;
    }
  }

  private async rebase(source: SourceFile, edits: readonly Entry[]): Promise<void> {
    const old = this.source.lines;
    this.source = source;
    this.indexed = true;
    this.index = Promise.resolve();
    this.rows = new PieceTable(source.lines.index.count);
    for (const { edit } of edits) this.rows.apply(edit);
    this.unsaved = [...edits];
    await old.close();
  }

  /** Saves and reverts run one after the other. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private tell(change: DocumentChange): void {
    this.changes++;
    for (const listener of this.listeners) listener(change);
  }
}
