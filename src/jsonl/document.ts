import path from 'node:path';
import { type Edit, inverse } from '../pairs/edits';
import { MarginError } from '../base/pure/marginError';
import { Rows } from '../pairs/rows';
import { type Backup, type Restored, writeBackup } from './backup';
import { fingerprintAt, sameFingerprint } from './fingerprint';
import { type IndexOptions, LineFile } from './lineFile';
import { saveLines } from './save';
import { removeAbandoned } from './temporary';

/** What happened to a document. `edit` is what was applied to its rows: the edit itself, or on undo its inverse. */
export type DocumentChange =
  | { readonly kind: 'edited'; readonly edit: Edit }
  | { readonly kind: 'grown' | 'indexed' | 'saved' | 'reverted' };

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
  private rows = new Rows(0);
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

  private constructor(private base: LineFile) {}

  /**
   * Opens a file; its rows come while {@link whenIndexed} runs. Removes what a killed process left of a save of it.
   * Throws MarginError `not-found`, `no-access`, `is-a-folder`.
   */
  static async open(file: string, options: IndexOptions = {}): Promise<LinesDocument> {
    const document = new LinesDocument(await LineFile.open(file));
    await removeAbandoned(file);
    document.startIndex(options);
    return document;
  }

  get path(): string {
    return this.base.path;
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

  /** Settles when all lines are known. Throws what {@link LineFile.readIndex} throws. */
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
    const { base, rows } = this;
    try {
      return await readRows(base, rows, from, count);
    } catch (error) {
      // A save or revert may have closed the file under this read; the new one has the same lines, or is what is asked for.
      if (this.base !== base) return this.lines(from, count);
      throw error;
    }
  }

  /** Throws MarginError `no-such-row`. */
  applyEdit(edit: Edit): AppliedEdit {
    let current = this.append(edit);
    return {
      edit,
      undo: () => {
        current = this.takeBack(current);
      },
      redo: () => {
        current = this.takeBack(current);
      },
    };
  }

  /**
   * Writes the edits into the file. Throws MarginError `changed-on-disk` where the file is not the one that was opened
   * (unless `overwrite`), `disk-full`, `no-access`; the edits then stay unsaved, and the file is as it was.
   */
  save(options: { readonly signal?: AbortSignal; readonly overwrite?: boolean } = {}): Promise<void> {
    return this.alone(async () => {
      await this.index;
      const beforeRename = options.overwrite ? async () => {} : () => this.refuseChanged();
      await beforeRename();
      this.saving = this.unsaved.length;
      try {
        const signal = options.signal ? { signal: options.signal } : {};
        const index = await saveLines(this.base, [...this.rows.runs()], this.path, { ...signal, beforeRename });
        await this.rebase(await LineFile.open(this.path, index), this.unsaved.slice(this.saving));
      } finally {
        this.saving = 0;
      }
      this.tell({ kind: 'saved' });
    });
  }

  /** Writes the rows to another file; this document stays what it is. To its own path it is {@link save} with `overwrite`. */
  saveAs(target: string, signal?: AbortSignal): Promise<void> {
    const options = signal ? { signal } : {};
    if (path.resolve(target) === path.resolve(this.path)) return this.save({ ...options, overwrite: true });
    return this.alone(async () => {
      await this.index;
      await saveLines(this.base, [...this.rows.runs()], target, options);
    });
  }

  /** Drops the unsaved edits and reads the file as it is now. */
  revert(): Promise<void> {
    return this.alone(async () => {
      await this.index.catch(() => undefined);
      const file = await LineFile.open(this.path);
      await file.readIndex({ signal: this.closing.signal }).catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
      this.epoch++;
      await this.rebase(file, []);
      this.tell({ kind: 'reverted' });
    });
  }

  /** `same` as the file that was opened or last saved, or `changed` by another program, or `gone`. */
  async checkDisk(): Promise<'same' | 'changed' | 'gone'> {
    const now = await fingerprintAt(this.path);
    if (!now) return 'gone';
    return sameFingerprint(now, this.base.fingerprint) ? 'same' : 'changed';
  }

  /** Writes the unsaved edits to `file`, for {@link restore}. */
  async backup(file: string): Promise<void> {
    const edits = this.unsaved.map((entry) => entry.edit);
    await writeBackup(file, { version: 1, path: this.path, base: this.base.fingerprint, edits });
  }

  /** Applies a backup's edits, if the file is the one they were made on. */
  async restore(backup: Backup): Promise<Restored> {
    await this.index;
    if (!sameFingerprint(backup.base, this.base.fingerprint)) {
      const message = `${this.path} was changed since ${backup.edits.length} unsaved edits were made on it, so they were not applied. The file stays as it is.`;
      return { kind: 'base-changed', message, edits: backup.edits };
    }
    for (const edit of backup.edits) this.append(edit);
    return { kind: 'restored', edits: backup.edits.length };
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.listeners.clear();
    await Promise.allSettled([this.queue, this.index]);
    await this.base.close();
  }

  private startIndex({ signal, onProgress }: IndexOptions): void {
    const signals = signal ? [signal, this.closing.signal] : [this.closing.signal];
    const { base } = this;
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

  private async rebase(file: LineFile, edits: readonly Entry[]): Promise<void> {
    const old = this.base;
    this.base = file;
    this.indexed = true;
    this.index = Promise.resolve();
    this.rows = new Rows(file.index.count);
    for (const { edit } of edits) this.rows.apply(edit);
    this.unsaved = [...edits];
    await old.close();
  }

  private async refuseChanged(): Promise<void> {
    const state = await this.checkDisk();
    if (state === 'same') return;
    const what = state === 'gone' ? 'is gone' : 'was changed by another program';
    const message = `${this.path} ${what} since it was opened. Save under another name, revert to what is on disk, or overwrite it.`;
    throw new MarginError('changed-on-disk', message, { file: this.path, state });
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

async function readRows(base: LineFile, rows: Rows, from: number, count: number): Promise<string[]> {
  const texts: string[] = [];
  for (const run of rows.page(from, count)) {
    if (run.kind === 'text') texts.push(run.line);
    else for (const line of await base.lines(run.start, run.count)) texts.push(line);
  }
  return texts;
}
