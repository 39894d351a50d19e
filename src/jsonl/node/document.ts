import { TaskQueue } from '../../base/pure/taskQueue';
import type { Edit } from '../../pairs/edits';
import type { RowRun } from '../../pairs/pieceTable';
import type { AppliedEdit, DocumentChange } from '../documentChange';
import { type MergePlan, planMerge } from '../mergePlan';
import { rowAfterHunks } from '../rebaseEdit';
import { SavedText } from '../savedText';
import { UnsavedEdits } from '../unsavedEdits';
import { type Backup, backupBase, restorable, type Restored, writeBackup } from './backup';
import { type DiskState, refuseChanged } from './diskState';
import { LineFile, type OpenOptions, type RowForm } from './lineFile';
import { planned, readOutside } from './outside';
import type { Thoroughness } from './sameHead';
import { SourceFile, type WriteOptions } from './sourceFile';
import { isSameFile } from './target';
import { interruptedSaves, removeAbandoned } from '../../base/node/temporaryFile';

/** Milliseconds between two `grown` events while a file is read, which comes in thousands of chunks a second. */
const growMs = 50;

/** A file of lines with {@link UnsavedEdits}. */
export class LinesDocument {
  private readonly unsaved = new UnsavedEdits((edit) => this.emit({ kind: 'edited', edit }));
  private changes = 0;
  private readonly listeners = new Set<(change: DocumentChange) => void>();
  /** Saves, reverts and looks at the disk. */
  private readonly queue = new TaskQueue();
  private readonly closing = new AbortController();
  private index: Promise<void> = Promise.resolve();
  private indexed = false;

  private constructor(
    private source: SourceFile,
    /** Complete files of earlier saves whose process was killed while it overwrote this file in place. */
    readonly interrupted: readonly string[],
  ) {}

  /**
   * Opens a file. Its rows appear while it is read, until {@link whenIndexed} settles. Removes the leftovers of saves
   * whose process was killed.
   *
   * @throws MarginError `missing`, `not-readable`, `not-a-file`
   */
  static async open(file: string, options: OpenOptions = {}): Promise<LinesDocument> {
    const source = new SourceFile(await LineFile.open(file, { ...options, keep: true }));
    const document = new LinesDocument(source, await interruptedSaves(file));
    await removeAbandoned(file);
    document.startIndex();
    return document;
  }

  get path(): string {
    return this.source.path;
  }

  /** The file that unchanged rows come from; closed after the next save. */
  get file(): LineFile {
    return this.source.lines;
  }

  /** Increases by one with each change. */
  get revision(): number {
    return this.changes;
  }

  get rowCount(): number {
    return this.unsaved.rows.length;
  }

  /** The text that a save would write now; valid until the next change. */
  get saved(): SavedText {
    const { lines, style } = this.source;
    return new SavedText(this.unsaved.rows, lines.index, style, (text) => lines.forms.asWritten(text));
  }

  get isIndexing(): boolean {
    return !this.indexed;
  }

  /** How much of the file is read, from 0 to 1. */
  get readShare(): number {
    return this.source.lines.share;
  }

  get isDirty(): boolean {
    return this.unsaved.count > 0;
  }

  /** Settles when all lines of the file are known. @throws MarginError as {@link LineFile.readIndex} */
  whenIndexed(): Promise<void> {
    return this.index;
  }

  /** @returns a function that removes the listener */
  onDidChange(listener: (change: DocumentChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Whether the row was changed or added since the last save. */
  isEdited(row: number): boolean {
    return this.unsaved.rows.at(row).kind === 'text';
  }

  /** The lines of rows `from … from + count - 1`. @throws MarginError `changed-on-disk` if they were overwritten */
  lines(from: number, count: number, form: RowForm = 'json'): Promise<string[]> {
    return this.read(from, count, (source, page) => source.read(page, form));
  }

  /** Calls `readPage` for `count` rows; again if the file was closed meanwhile. @throws what `readPage` throws */
  async read<T>(from: number, count: number, readPage: (source: SourceFile, page: RowRun[]) => Promise<T>): Promise<T> {
    const base = this.source.lines;
    try {
      return await readPage(this.source, this.unsaved.rows.page(from, count));
    } catch (error) {
      // A save or revert may have closed or overwritten the file during this read: read the result.
      await this.queue.settled();
      if (this.source.lines !== base) return this.read(from, count, readPage);
      throw error;
    }
  }

  /** @throws MarginError `no-such-row`, and as {@link RowForms.asStored} */
  applyEdit(edit: Edit): AppliedEdit {
    const applied = this.unsaved.apply(this.source.withEnds(this.source.lines.forms.asStored(edit), this.unsaved.rows));
    if (this.indexed) this.source.keepSums(this.closing.signal);
    return applied;
  }

  /**
   * Writes the edits into the file. First it adds the rows that another program appended; a deleted file is created
   * again. After an error the edits are still unsaved, and the file is unchanged.
   *
   * @throws MarginError `changed-on-disk` if the file has other lines than were read (unless `overwrite`), `disk-full`,
   *   `not-writable`, and those of `saveLines`
   */
  save(options: WriteOptions = {}): Promise<void> {
    return this.queue.run(async () => {
      await this.index;
      let edits: readonly Edit[] | null = null;
      while (edits === null) {
        if (!options.overwrite) refuseChanged(this.path, await this.addAppended('all'));
        edits = await this.write(options);
      }
      this.emit({ kind: 'saved', edits });
      // Adds what was appended during the save.
      await this.addAppended('some');
    });
  }

  /**
   * Writes the rows to another file; this document does not change. For the document's own file it is {@link save} with
   * `overwrite`.
   *
   * @returns the rows that are missing in the target: another program overwrote them, and the file was too large to be
   *   kept in memory
   */
  async saveAs(target: string, signal?: AbortSignal): Promise<readonly number[]> {
    if (await isSameFile(target, this.path))
      return this.save({ ...(signal && { signal }), overwrite: true }).then(() => []);
    return this.queue.run(async () => {
      await this.index;
      return this.source.writeCopy(this.unsaved.rows.runs(), target, signal);
    });
  }

  /** Discards the unsaved edits and reads the file again, or the one that replaces it. */
  revert(file = this.path, options: OpenOptions = {}): Promise<void> {
    return this.queue.run(async () => {
      await this.index.catch(() => undefined);
      const { threads } = this.source.lines;
      const source = await SourceFile.read(file, this.closing.signal, { threads, ...options });
      await this.replaceSource(source, () => this.unsaved.discard(source.lines.index.count));
      this.emit({ kind: 'reverted' });
    });
  }

  /**
   * Adds the rows that another program appended to the file.
   *
   * @returns how the file compares with the rows then: `same` (except for unsaved edits), `changed` or `gone`
   */
  follow(): Promise<DiskState> {
    return this.queue.run(() => this.addAppended('some'));
  }

  /**
   * Compares the unsaved edits with what another program wrote. With `apply`, continues with both if they touch
   * different rows. The edits stay unsaved, and can still be undone one by one. Only a plan of the kind `apart` is
   * applied.
   *
   * @throws file errors; the signal's reason if aborted
   */
  merge(how: 'plan' | 'apply', signal = this.closing.signal): Promise<MergePlan> {
    return this.queue.run(async () => {
      const outside = await planned(async () =>
        (await this.addAppended('all')) === 'changed' ? readOutside(this.source, signal) : { kind: 'none' },
      );
      if ('kind' in outside) return outside;
      // No edit can be made between the plan and the exchange of the rows.
      const { theirs, hunks } = outside;
      const plan = planMerge(this.unsaved, hunks);
      const over = this.unsaved.over(hunks);
      if (how === 'apply' && over.kind === 'apart') {
        await this.replaceSource(theirs, () => this.unsaved.adopt(theirs.lines.index.count, over.edits));
        this.emit({ kind: 'reverted', rowAfter: (row) => rowAfterHunks(row, over.hunks) });
      } else await theirs.lines.close();
      return plan;
    });
  }

  /** Writes the unsaved edits to `file`, for {@link restore}. */
  async backup(file: string): Promise<void> {
    const { edits } = this.unsaved;
    await writeBackup(file, { version: 2, path: this.path, base: backupBase(this.source.lines.index), edits });
  }

  /** Applies the edits of a backup, if the file still has the lines on which they were made. */
  async restore(backup: Backup): Promise<Restored> {
    await this.index;
    const restored = await restorable(this.source.lines, backup);
    if (restored.kind === 'restored') for (const edit of backup.edits) this.unsaved.apply(edit);
    return restored;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.listeners.clear();
    await Promise.allSettled([this.queue.settled(), this.index]);
    await this.source.lines.close();
  }

  private startIndex(): void {
    const base = this.source.lines;
    let emitted = Number.NEGATIVE_INFINITY;
    const onProgress = (): void => {
      this.unsaved.rows.extend(base.index.count);
      if (performance.now() - emitted < growMs) return;
      emitted = performance.now();
      this.emit({ kind: 'grown' });
    };
    this.index = base.readIndex({ signal: this.closing.signal, onProgress }).then(() => {
      this.unsaved.rows.extend(base.index.count);
      this.indexed = true;
      this.source.settle();
      if (this.isDirty) this.source.keepSums(this.closing.signal);
      this.emit({ kind: 'indexed' });
    });
    // Callers of whenIndexed get the error. Without this handler, an unhandled rejection would end the process.
    this.index.catch(() => undefined);
  }

  private async addAppended(check: Thoroughness): Promise<DiskState> {
    await this.index;
    const disk = await this.source.look(check);
    if (disk.state !== 'grown') return disk.state;
    const { index } = disk.file;
    const last = index.count - 1;
    const { rows } = this.unsaved;
    const grown = await this.source.extend(disk.file, rows.rowOfBase(last) !== undefined, this.closing.signal);
    if (!grown) return 'changed';
    rows.extend(index.count);
    const row = rows.rowOfBase(last);
    if (grown.joined && row !== undefined) this.emit({ kind: 'edited', edit: { op: 'replace', row, ...grown.joined } });
    this.emit({ kind: 'grown' });
    return 'same';
  }

  /** Returns the saved edits; null if another program appended to the file during the save. */
  private write(options: WriteOptions): Promise<readonly Edit[] | null> {
    return this.unsaved.whileSaving(async (saved) => {
      const source = await this.source.write([...this.unsaved.rows.runs()], options);
      if (!source) return null;
      const edits = this.unsaved.edits.slice(0, saved);
      await this.replaceSource(source, () => this.unsaved.rebase(source.lines.index.count, saved));
      return edits;
    });
  }

  private async replaceSource(source: SourceFile, rebase: () => void): Promise<void> {
    const old = this.source.lines;
    this.source = source;
    this.indexed = true;
    this.index = Promise.resolve();
    rebase();
    await old.close();
  }

  private emit(change: DocumentChange): void {
    this.changes++;
    for (const listener of this.listeners) listener(change);
  }
}
