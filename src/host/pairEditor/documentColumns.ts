import type { ColumnStore } from '../../jsonl/node/columns/columnStore';
import type { LinesDocument } from '../../jsonl/node/document';
import type { LineFile } from '../../jsonl/node/lineFile';
import type { Column } from '../../pairs/query/column';
import type { Reading } from '../../pairs/reading';
import type { StoredColumn } from './storedColumn';

/** A column with its values in the memory. */
type HeldColumn = readonly [Column, StoredColumn];

/** Takes columns of a document from the store, and puts those there that are computed for all its rows. */
export class DocumentColumns {
  private readonly loading = new WeakMap<StoredColumn, Promise<void>>();
  /** The file of which a column is stored. After a save the document has another one. */
  private readonly kept = new WeakMap<StoredColumn, LineFile>();
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly lines: LinesDocument,
    private readonly reading: () => Reading,
    private readonly store: Pick<ColumnStore, 'load' | 'keep'>,
  ) {}

  /** Settles when the columns so far are written. */
  get written(): Promise<void> {
    return this.writing;
  }

  /** Fills new columns with what is stored of them. A document with edits has other rows than its file. */
  async fill(columns: readonly HeldColumn[]): Promise<void> {
    if (this.lines.isIndexing || this.lines.isDirty) return;
    const loads = columns.map(([column, held]) => {
      const load = this.loading.get(held) ?? this.fillOne(column, held);
      this.loading.set(held, load);
      return load;
    });
    await Promise.all(loads);
  }

  /** Stores those columns whose values are known in all rows, if the file has these rows. */
  keep(columns: readonly HeldColumn[]): void {
    const { lines, kept } = this;
    if (lines.isIndexing || lines.isDirty) return;
    const { file } = lines;
    for (const [column, held] of columns) {
      if (kept.get(held) === file || !held.isComplete) continue;
      kept.set(held, file);
      const values = held.packed();
      const reading = this.reading();
      this.writing = this.writing.then(() => this.store.keep({ file, column, reading }, values));
    }
  }

  private async fillOne(column: Column, held: StoredColumn): Promise<void> {
    const { lines } = this;
    const { revision, file } = lines;
    const found = await this.store.load({ file, column, reading: this.reading() });
    // Meanwhile rows may have become others.
    if (!found || lines.revision !== revision || lines.isDirty) return;
    held.fill(found.values, found.rows);
    if (held.isComplete) this.kept.set(held, file);
  }
}
