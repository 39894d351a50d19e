import type { ColumnStore } from '../../jsonl/node/columns/columnStore';
import type { LinesDocument } from '../../jsonl/node/document';
import type { LineFile } from '../../jsonl/node/lineFile';
import type { Column } from '../../pairs/query/column';
import type { Reading } from '../../pairs/reading';
import type { HeldColumn, StoredColumns } from '../../editor/rowColumns';
import type { StoredColumn } from '../../editor/storedColumn';

/** Loads columns of a document from the store, and stores those that were computed for all its rows. */
export class DocumentColumns implements StoredColumns {
  private readonly loading = new WeakMap<StoredColumn, Promise<void>>();
  /** What each column is stored for. A save gives the document another file, and a setting another reading. */
  private readonly kept = new WeakMap<StoredColumn, { readonly file: LineFile; readonly reading: Reading }>();
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

  /**
   * Fills new columns with their stored values. Does nothing for a document with edits, because its rows differ from
   * those of its file.
   */
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
    const reading = this.reading();
    for (const [column, held] of columns) {
      const before = kept.get(held);
      if ((before?.file === file && before.reading === reading) || !held.isComplete) continue;
      kept.set(held, { file, reading });
      const values = held.packed();
      this.writing = this.writing.then(() => this.store.keep({ file, column, reading }, values));
    }
  }

  private async fillOne(column: Column, held: StoredColumn): Promise<void> {
    const { lines } = this;
    const { revision, file } = lines;
    const reading = this.reading();
    const found = await this.store.load({ file, column, reading });
    // Meanwhile the rows may have changed, or are read in another way.
    if (!found || lines.revision !== revision || lines.isDirty || this.reading() !== reading) return;
    held.fill(found.values, found.rows);
    if (held.isComplete) this.kept.set(held, { file, reading });
  }
}
