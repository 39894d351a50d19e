import { at } from '../base/pure/must';
import type { SearchedPage } from '../jsonl/search/searchedPage';
import type { Edit } from '../pairs/edits';
import type { View } from '../protocol/pairEditor';
import { predicateOf } from '../pairs/query/evaluate';
import { parseQuery } from '../pairs/query/parseQuery';
import { parseSort } from '../pairs/query/parseSort';
import { dependOnChecks, planOf, type QueryPlan } from '../pairs/query/queryPlan';
import { columnsOfSort, fieldsOfSort, type RowSortValue, type SortKey, sortValueIn } from '../pairs/query/sortKey';
import { isTokenField } from '../pairs/tokens/rowTokens';
import type { EditorLines } from './editorLines';
import type { RowColumns } from './rowColumns';
import { rowSource, type ViewFacts } from './rowSource';
import { ShownRows } from './shownRows';
import { Slices } from './slices';
import { sortByValue } from './sortByValue';

/** Most rows of a page. */
const pageRows = 1 << 16;
/** Most rows of a page whose rows may have to be parsed. */
const parsedPageRows = 1 << 14;
/** Rows between two looks at the clock. */
const sliceRows = 1 << 10;
/** A search that has reached the last known row looks for more rows at this pace. */
const waitMs = 50;

/**
 * Searches the first of the rows `from … from + most - 1` for words in lower case.
 *
 * @throws MarginError `changed-on-disk`
 */
export type WordSearch = (from: number, most: number, words: readonly string[]) => Promise<SearchedPage>;

/** What a filter and a sort order read. */
export interface SearchedRows {
  readonly lines: Pick<EditorLines, 'rowCount' | 'isIndexing'>;
  readonly words: WordSearch;
  readonly columns: RowColumns;
  readonly facts: ViewFacts;
  /** How many of the first rows have known problems and rewards, and whether these are all rows. */
  readonly known: () => { readonly rows: number; readonly all: boolean };
  /** Whether it is known how the rows differ from those of another file. */
  readonly changesKnown: () => boolean;
}

/**
 * The search for the rows of a view. Matches are shown as they are found, unless they must be sorted; it continues
 * while the file is read, and through edits.
 */
export class RowSearch {
  /** Rows that were looked at. */
  private next = 0;
  private isDone: boolean;
  private edits = 0;
  private readonly plan: QueryPlan;
  /** What rows are sorted by; null for the order of the file, or its reverse. */
  private readonly by: SortKey | null;
  /** The matches so far, in the order of the file. */
  private found: ShownRows;
  private rows: ShownRows;

  /** @throws BadQuery */
  constructor(
    private readonly view: View,
    private readonly searched: SearchedRows,
  ) {
    this.plan = planOf(parseQuery(view.filter));
    this.by = view.sort === 'row' ? null : parseSort(view.sort).by;
    const { words, rest } = this.plan;
    const isAll = words.length === 0 && rest.kind === 'and' && rest.parts.length === 0;
    this.isDone = isAll && this.asFound;
    const total = searched.lines.rowCount;
    this.found = this.isDone ? ShownRows.all(total) : ShownRows.none(total);
    this.rows = this.asFound ? this.found : ShownRows.none(total);
  }

  /** The rows to show: none yet if the matches must be sorted first. */
  get shown(): ShownRows {
    return this.rows;
  }

  /** Rows looked at so far; null if all were. */
  get progress(): number | null {
    return this.isDone ? null : this.next;
  }

  /** Whether the result depends on problems or rewards, which may change later. */
  get dependsOnFacts(): boolean {
    return this.plan.dependsOnChecks || (this.by !== null && dependOnChecks(fieldsOfSort(this.by)));
  }

  /** Whether the result depends on the comparison with another file. */
  get dependsOnChanges(): boolean {
    return this.plan.dependsOnChanges;
  }

  /** Whether the result depends on the train config that is chosen. */
  get dependsOnTokens(): boolean {
    return this.plan.dependsOnTokens || (this.by !== null && fieldsOfSort(this.by).some(isTokenField));
  }

  /**
   * Settles when all rows were searched.
   *
   * @param progress called when more rows were searched
   * @throws the signal's reason when aborted, and errors of reading the lines
   */
  async run(progress: () => void, signal: AbortSignal): Promise<void> {
    if (this.isDone) return;
    const slices = new Slices(signal);
    while (!this.isAtEnd()) {
      if (this.next < this.limit()) await this.page(slices);
      else await new Promise((resolve) => setTimeout(resolve, waitMs));
      signal.throwIfAborted();
      progress();
    }
    if (!this.asFound) this.rows = await this.sorted(slices);
    this.isDone = true;
  }

  /** Follows an edit. A row that the search has not reached is still searched. */
  apply(edit: Edit): void {
    this.edits++;
    if (this.isDone) return this.rows.apply(edit);
    // A move may put rows that were not searched before rows that were.
    if (edit.op === 'move') return this.restart();
    if (edit.op === 'insert' && edit.row >= this.next) return;
    this.found.apply(edit);
    if (edit.op === 'insert') this.next += edit.lines.length;
    if (edit.op === 'delete') this.next -= Math.max(0, Math.min(this.next - edit.row, edit.lines.length));
  }

  /** Call this when the document has more rows. */
  grow(total: number): void {
    this.rows.grow(total);
  }

  private get asFound(): boolean {
    return this.by === null && !this.view.descending;
  }

  private restart(): void {
    this.next = 0;
    this.found = ShownRows.none(this.searched.lines.rowCount);
    if (this.asFound) this.rows = this.found;
  }

  private isAtEnd(): boolean {
    const { lines, known } = this.searched;
    if (lines.isIndexing || this.next < lines.rowCount) return false;
    return !this.dependsOnFacts || known().all;
  }

  private limit(): number {
    const { lines, known, changesKnown } = this.searched;
    if (this.dependsOnChanges && !changesKnown()) return 0;
    return this.dependsOnFacts ? Math.min(known().rows, lines.rowCount) : lines.rowCount;
  }

  /** Searches the next page. After an edit it drops the page, which may be outdated; the next call reads it again. */
  private async page(slices: Slices): Promise<void> {
    const { edits, next: from } = this;
    const { columns, rest } = this.plan;
    const { count, rows } = await this.withWords(from);
    this.searched.columns.use(columns);
    const meets = predicateOf(rest, rowSource(this.searched.facts, this.searched.columns));
    const found: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < (rows?.length ?? count); i++) {
      if (i % sliceRows === 0) await slices.breathe();
      if (edits !== this.edits) return;
      const row = from + (rows ? at(rows, i) : i);
      const met = meets(row);
      if (met === undefined) unknown.push(row);
      else if (met) found.push(row);
    }
    // Only the first of them may be known then.
    const known = unknown.length > 0 ? await this.searched.columns.compute(unknown, columns) : 0;
    if (edits !== this.edits) return;
    const end = unknown[known] ?? from + count;
    const later = unknown.slice(0, known).filter((row) => meets(row) === true);
    this.found.append(merged(found, later).filter((row) => row < end));
    this.next = end;
  }

  /** The first rows from one on that have the words of the filter; null: all of them. */
  private async withWords(from: number): Promise<{ readonly count: number; readonly rows: ArrayLike<number> | null }> {
    const { words, columns } = this.plan;
    const { searched } = this;
    const most = Math.min(this.limit() - from, columns.length > 0 ? parsedPageRows : pageRows);
    if (words.length === 0) return { count: most, rows: null };
    return searched.words(from, most, words);
  }

  private async sorted(slices: Slices): Promise<ShownRows> {
    const { view, searched, by } = this;
    for (;;) {
      const { edits, found } = this;
      const rows = Int32Array.from(found.page(0, found.length));
      const valueOf = by && (await this.values(by, rows, slices));
      if (edits !== this.edits) continue;
      const order = valueOf ? await sortByValue(rows, valueOf, view.descending, slices) : rows.reverse();
      if (edits === this.edits) return ShownRows.of(order, searched.lines.rowCount);
    }
  }

  /** Computes the numbers and texts to sort by. */
  private async values(by: SortKey, rows: Int32Array, slices: Slices): Promise<RowSortValue> {
    const { columns, facts } = this.searched;
    const needed = columnsOfSort(by);
    for (let from = 0; needed.length > 0 && from < rows.length;) {
      await slices.breathe();
      const { edits } = this;
      const known = await columns.compute(Array.from(rows.subarray(from, from + parsedPageRows)), needed);
      if (edits !== this.edits) break;
      from += known;
    }
    columns.use(needed);
    return sortValueIn(by, rowSource(facts, columns));
  }
}

/** The rows of both lists, ascending. */
function merged(rows: readonly number[], others: readonly number[]): readonly number[] {
  return others.length === 0 ? rows : [...rows, ...others].sort((a, b) => a - b);
}
