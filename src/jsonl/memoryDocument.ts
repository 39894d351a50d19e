import { crc32 } from '../base/pure/crc32';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import type { Edit } from '../pairs/edits';
import type { AppliedEdit, DocumentChange } from './documentChange';
import { withEnds } from './fileStyle';
import type { MemoryFile } from './memoryFile';
import { SavedText } from './savedText';
import { UnsavedEdits } from './unsavedEdits';

/** The unsaved edits of a document, and the file that they belong to. */
export interface MemoryBackup {
  readonly version: 1;
  /** Bytes of the file. */
  readonly size: number;
  /** CRC-32 of the file. */
  readonly sum: number;
  readonly edits: readonly Edit[];
}

/** A file in memory with {@link UnsavedEdits}. Its caller reads and writes the bytes. */
export class MemoryDocument {
  private readonly unsaved = new UnsavedEdits((edit) => this.emit({ kind: 'edited', edit }));
  private readonly listeners = new Set<(change: DocumentChange) => void>();
  private changes = 0;

  constructor(private source: MemoryFile) {
    this.unsaved.rows.extend(source.index.count);
  }

  /** The file as it was read or saved last. */
  get file(): MemoryFile {
    return this.source;
  }

  /** Increases by one with each change. */
  get revision(): number {
    return this.changes;
  }

  get rowCount(): number {
    return this.unsaved.rows.length;
  }

  get isIndexing(): boolean {
    return false;
  }

  get readShare(): number {
    return 1;
  }

  get isDirty(): boolean {
    return this.unsaved.count > 0;
  }

  /** The text that a save would write now; valid until the next change. */
  get saved(): SavedText {
    const { index, style } = this.source;
    return new SavedText(this.unsaved.rows, index, style, (text) => this.source.forms.asWritten(text));
  }

  async whenIndexed(): Promise<void> {}

  /** @returns a function that removes the listener */
  onDidChange(listener: (change: DocumentChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Whether the row was changed or added since the last save. */
  isEdited(row: number): boolean {
    return this.unsaved.rows.at(row).kind === 'text';
  }

  async lines(from: number, count: number): Promise<string[]> {
    return this.texts(from, count);
  }

  /** The texts of rows `from … from + count - 1`. */
  texts(from: number, count: number): string[] {
    const texts: string[] = [];
    for (const run of this.unsaved.rows.page(from, count)) {
      if (run.kind === 'text') texts.push(run.line);
      else for (const line of this.source.lines(run.start, run.count)) texts.push(line);
    }
    return texts;
  }

  /** @throws MarginError `no-such-row`, and as {@link RowForms.asStored} */
  applyEdit(edit: Edit): AppliedEdit {
    const { index, style, forms } = this.source;
    return this.unsaved.apply(withEnds(forms.asStored(edit), this.unsaved.rows, index, style));
  }

  /** The file as a save would write it. @throws MarginError as {@link MemoryFile.with} */
  edited(): Promise<MemoryFile> {
    return this.source.with([...this.unsaved.rows.runs()]);
  }

  /**
   * Saves the edits so far. After an error they are still unsaved.
   *
   * @param write writes the bytes of the file
   * @throws errors of `write`, and as {@link edited}
   */
  async save(write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const edits = await this.unsaved.whileSaving(async (saved) => {
      const written = await this.edited();
      await write(written.all);
      const { edits } = this.unsaved;
      this.source = written;
      this.unsaved.rebase(written.index.count, saved);
      return edits.slice(0, saved);
    });
    this.emit({ kind: 'saved', edits });
  }

  /** Discards the unsaved edits and continues with another file. */
  revert(file: MemoryFile): void {
    this.source = file;
    this.unsaved.discard(file.index.count);
    this.emit({ kind: 'reverted' });
  }

  backup(): MemoryBackup {
    const { all } = this.source;
    return { version: 1, size: all.length, sum: crc32(all), edits: this.unsaved.edits };
  }

  /** Applies the edits of a backup. @returns false, and nothing has changed, if they were made on another file */
  restore({ size, sum, edits }: MemoryBackup): boolean {
    const { all } = this.source;
    if (size !== all.length || sum !== crc32(all)) return false;
    for (const edit of edits) this.unsaved.apply(edit);
    return true;
  }

  private emit(change: DocumentChange): void {
    this.changes++;
    for (const listener of this.listeners) listener(change);
  }
}

/** Reads what {@link MemoryDocument.backup} gave. @throws MarginError `bad-backup` */
export function parseMemoryBackup(text: string, name: string): MemoryBackup {
  try {
    const value: unknown = JSON.parse(text);
    if (isBackup(value)) return value;
  } catch {
    // Not JSON: the error below says so.
  }
  const message = `The backup of ${name} cannot be read: it is damaged, or of another version. The file was not changed.`;
  throw new MarginError('bad-backup', message, { file: name });
}

function isBackup(value: unknown): value is MemoryBackup {
  return isRecord(value) && value['version'] === 1 && Array.isArray(value['edits']);
}
