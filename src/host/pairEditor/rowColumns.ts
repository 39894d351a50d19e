import { MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import type { DocumentChange } from '../../jsonl/documentChange';
import type { ComputedPage, PageColumns } from '../../jsonl/node/columns/pageColumns';
import type { LinesDocument } from '../../jsonl/node/document';
import { type Column, keyOfColumn } from '../../pairs/query/column';
import type { Reading } from '../../pairs/reading';
import { StoredColumn } from './storedColumn';

/** Most columns that are kept although no search asks for them. */
const maxKept = 4;
/** Most rows of a page. */
const pageRows = 1 << 16;

/**
 * Columns that filters, sort orders and counts have asked for, of all rows of a document. A column is computed once; an
 * edit makes only its own rows unknown.
 */
export class RowColumns {
  /** The least recently used first. */
  private readonly columns = new Map<string, StoredColumn>();
  /** Number of changes that move rows or change what they are. */
  private changes = 0;
  private readonly stop: () => void;

  constructor(
    private readonly lines: LinesDocument,
    private readonly reading: () => Reading,
    private readonly pages: PageColumns,
  ) {
    this.stop = lines.onDidChange((change) => this.follow(change));
  }

  /** A column, whose values may not be known yet. It stays valid until {@link use} leaves it out. */
  get(column: Column): StoredColumn {
    return must(this.columns.get(keyOfColumn(column)), 'a column that is used');
  }

  /** Prepares columns, and forgets others that were not used for long. */
  use(columns: readonly Column[]): void {
    for (const column of columns) {
      const key = keyOfColumn(column);
      const stored = this.columns.get(key) ?? new StoredColumn(column.kind);
      stored.extend(this.lines.rowCount);
      this.columns.delete(key);
      this.columns.set(key, stored);
    }
    const most = Math.max(maxKept, columns.length);
    for (const key of [...this.columns.keys()].slice(0, Math.max(0, this.columns.size - most)))
      this.columns.delete(key);
  }

  /**
   * Computes columns of the first of some rows.
   *
   * @param rows ascending, at least one
   * @returns how many of them are known now; 0 if the document changed in the meantime
   * @throws MarginError `slow-pattern` with the row, and errors of reading
   */
  async compute(rows: readonly number[], columns: readonly Column[]): Promise<number> {
    this.use(columns);
    const { changes } = this;
    const from = at(rows, 0);
    const missing = columns.filter((column) => rows.some((row) => !this.get(column).isKnown(row)));
    if (missing.length === 0) return rows.length;
    const wanted = new Set(rows);
    const count = Math.min(pageRows, at(rows, rows.length - 1) - from + 1);
    const isWanted = (index: number): boolean => wanted.has(from + index);
    const asked = { columns: missing, reading: this.reading(), isWanted };
    const page = await this.lines
      .read(from, count, (source, runs) => this.pages.compute(source.lines, runs, asked))
      .catch((error: unknown) => Promise.reject(withRow(error, from)));
    if (changes !== this.changes) return 0;
    // All of them stay: those that were known before, too.
    this.use(columns);
    this.keep(from, page, missing);
    const end = rows.findIndex((row) => row >= from + page.count);
    return end < 0 ? rows.length : end;
  }

  /** Forgets all values, because rows are read in another way. */
  clear(): void {
    this.changes++;
    this.columns.clear();
  }

  close(): void {
    this.stop();
  }

  private keep(from: number, { parts }: ComputedPage, columns: readonly Column[]): void {
    for (const { rows, values } of parts) {
      const places = rows.map((index) => from + index);
      for (const [i, column] of columns.entries()) this.get(column).take(places, at(values, i));
    }
  }

  private follow(change: DocumentChange): void {
    if (change.kind === 'reverted') this.clear();
    if (change.kind === 'edited') {
      this.changes++;
      for (const column of this.columns.values()) column.apply(change.edit);
    }
    if (change.kind === 'grown' || change.kind === 'indexed')
      for (const column of this.columns.values()) column.extend(this.lines.rowCount);
  }
}

/** Names the row of a slow pattern. */
function withRow(error: unknown, from: number): unknown {
  if (!(error instanceof MarginError) || error.code !== 'slow-pattern') return error;
  const row = from + Number(error.details['index']) + 1;
  return new MarginError(error.code, `Row ${row}: ${error.message}`, { row });
}
