import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import { packedValues } from '../jsonl/packedValues';
import type { DocumentChange } from '../jsonl/documentChange';
import type { ComputedPage, PageAsked } from '../jsonl/computedPage';
import { type Column, keyOfColumn } from '../pairs/query/column';
import { cutColumn, droppedColumn, isTokenColumn, type TokenColumn, tokenValue } from '../pairs/query/tokenColumns';
import type { RowTokens } from '../pairs/tokens/rowTokens';
import type { Reading } from '../pairs/reading';
import { eachRow } from './eachRow';
import type { EditorLines } from './editorLines';
import { StoredColumn } from './storedColumn';

/** Most columns that are kept although no search asks for them. */
const maxKept = 4;
/** Most rows of a page. */
const pageRows = 1 << 16;

/**
 * Computes columns of the first of the rows `from … from + count - 1`, some megabytes of them.
 *
 * @throws MarginError `changed-on-disk`, `slow-pattern`
 */
export type ColumnPages = (from: number, count: number, asked: PageAsked) => Promise<ComputedPage>;

/** A column whose values are in memory. */
export type HeldColumn = readonly [Column, StoredColumn];

/** Keeps columns for the next time that the document is opened. */
export interface StoredColumns {
  /** Fills new columns with their stored values. */
  fill(columns: readonly HeldColumn[]): Promise<void>;
  /** Stores those columns whose values are known in all rows. */
  keep(columns: readonly HeldColumn[]): void;
}

/** Computes the tokens that a trainer makes of rows. */
export interface TokenSource {
  /**
   * @returns the tokens of the first rows, at least of one
   * @throws MarginError if no config is known, or its model fails
   */
  rows(texts: readonly string[]): Promise<readonly RowTokens[]>;
}

/** Most rows whose tokens are asked for together. */
const tokenRows = 1 << 8;

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
    private readonly lines: EditorLines,
    private readonly reading: () => Reading,
    private readonly pages: ColumnPages,
    /** Null: no column of tokens is asked for. */
    private readonly tokens: TokenSource | null = null,
    /** Null: columns are not kept for the next time that the file is opened. */
    private readonly stored: StoredColumns | null = null,
  ) {
    this.stop = lines.onDidChange((change) => this.follow(change));
  }

  /** A column, whose values may not be known yet. It stays valid until {@link use} leaves it out. */
  get(column: Column): StoredColumn {
    return must(this.columns.get(keyOfColumn(column)), 'a column that is used');
  }

  /** The tokens of a row; null if nobody has counted them. */
  tokensAt(row: number): number | null {
    return this.columns.get(keyOfColumn(tokenNumber))?.number(row) ?? null;
  }

  /** Prepares columns, and forgets others that were not used for long. */
  use(columns: readonly Column[]): void {
    this.prepare(columns);
    const most = Math.max(maxKept, columns.length);
    for (const key of [...this.columns.keys()].slice(0, Math.max(0, this.columns.size - most)))
      this.columns.delete(key);
  }

  private prepare(columns: readonly Column[]): void {
    for (const column of columns) {
      const key = keyOfColumn(column);
      const stored = this.columns.get(key) ?? new StoredColumn(column.kind);
      stored.extend(this.lines.rowCount);
      this.columns.delete(key);
      this.columns.set(key, stored);
    }
  }

  /**
   * Computes columns of the first of some rows.
   *
   * @param rows ascending, at least one
   * @returns how many of them are known now; 0 if the document changed in the meantime
   * @throws MarginError `slow-pattern` with the row, those of {@link TokenSource}, and errors of reading
   */
  async compute(rows: readonly number[], columns: readonly Column[]): Promise<number> {
    this.use(columns);
    const others = columns.filter((column) => !isTokenColumn(column));
    await this.stored?.fill(this.held(others));
    const known = others.length > 0 ? await this.computePages(rows, others) : rows.length;
    const ofTokens = columns.filter(isTokenColumn);
    return known > 0 && ofTokens.length > 0 ? this.computeTokens(rows.slice(0, known), ofTokens) : known;
  }

  private held(columns: readonly Column[]): HeldColumn[] {
    return columns.map((column) => [column, this.get(column)]);
  }

  private async computePages(rows: readonly number[], columns: readonly Column[]): Promise<number> {
    this.prepare(columns);
    const { changes } = this;
    const partly = this.held(columns).filter(([, held]) => rows.some((row) => !held.isKnown(row)));
    if (partly.length === 0) return rows.length;
    const missing = partly.map(([column]) => column);
    const held = partly.map(([, one]) => one);
    const unknown = rows.filter((row) => held.some((column) => !column.isKnown(row)));
    const from = at(unknown, 0);
    const wanted = new Set(unknown);
    const count = Math.min(pageRows, at(unknown, unknown.length - 1) - from + 1);
    const isWanted = (index: number): boolean => wanted.has(from + index);
    const asked = { columns: missing, reading: this.reading(), isWanted };
    const page = await this.pages(from, count, asked).catch((error: unknown) => Promise.reject(withRow(error, from)));
    if (changes !== this.changes) return 0;
    // All of them stay: those that were known before, too.
    this.prepare(columns);
    this.keep(from, page, missing);
    this.stored?.keep(this.held(missing));
    const end = rows.findIndex((row) => row >= from + page.count);
    return end < 0 ? rows.length : end;
  }

  private async computeTokens(rows: readonly number[], columns: readonly TokenColumn[]): Promise<number> {
    this.prepare(columns);
    const { changes } = this;
    const unknown = rows.filter((row) => columns.some((column) => !this.get(column).isKnown(row)));
    if (unknown.length === 0) return rows.length;
    const asked = unknown.slice(0, tokenRows);
    const texts = await eachRow(asked, this.lines, (_, line) => line);
    const found = await must(this.tokens, 'a source of tokens').rows(texts);
    if (changes !== this.changes) return 0;
    this.prepare(columns);
    for (const column of columns) {
      const values = found.map((tokens) => tokenValue(column, tokens));
      this.get(column).take(asked.slice(0, found.length), packedValues(column, values));
    }
    const next = unknown[found.length];
    return next === undefined ? rows.length : rows.indexOf(next);
  }

  /** Forgets what depends on the tokens of rows, because another config is chosen. */
  forgetTokens(): void {
    this.changes++;
    for (const [key, { kind }] of this.columns) if (tokenKeys.has(key)) this.columns.set(key, new StoredColumn(kind));
    for (const column of this.columns.values()) column.extend(this.lines.rowCount);
  }

  /**
   * Forgets the results of the checks for some rows, because other rules are ignored in them.
   *
   * @param rows null: all rows
   */
  forgetProblems(rows: readonly number[] | null): void {
    this.changes++;
    for (const [key, column] of this.columns) {
      if (!problemKeys.some((name) => key.includes(name))) continue;
      if (rows === null) this.columns.set(key, new StoredColumn(column.kind));
      else for (const row of rows) column.apply({ op: 'replace', row, line: '', previous: '' });
    }
    for (const column of this.columns.values()) column.extend(this.lines.rowCount);
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

const tokenNumber: Column = { kind: 'number', number: { kind: 'measure', field: 'tokens', of: null } };
const tokenKeys: ReadonlySet<string> = new Set([cutColumn, droppedColumn, tokenNumber].map(keyOfColumn));

/** The fields that depend on the checks, as the keys of columns name them. */
const problemKeys = ['problem', 'severity', 'ignored'].map((field) => `"field":"${field}"`);

/** Names the row of a slow pattern. */
function withRow(error: unknown, from: number): unknown {
  if (!(error instanceof MarginError) || error.code !== 'slow-pattern') return error;
  const row = from + Number(error.details['index']) + 1;
  return new MarginError(error.code, `Row ${row}: ${error.message}`, { row });
}
