import { at } from '../../base/pure/must';
import type { LinesDocument } from '../../jsonl/node/document';
import type { PageSearch } from '../../jsonl/node/search/pageSearch';
import type { Edit } from '../../pairs/edits';
import type { View } from '../../protocol/pairEditor';
import { type FactCondition, meets, parseFilter } from './filter';
import { ShownRows } from './shownRows';
import { Slices } from './slices';
import { sortRows } from './sortRows';

/** Most rows of a page. */
const pageRows = 1 << 16;
/** Rows between two looks at the clock. */
const sliceRows = 1 << 10;
/** A search that has reached the last known row looks for more rows at this pace. */
const waitMs = 50;

/** The facts about rows that a filter and a sort order read. */
export interface SearchedRows {
  readonly lines: LinesDocument;
  readonly pages: PageSearch;
  readonly problemsAt: (row: number) => number;
  /** The margin of a row's reward; null if it has none. */
  readonly marginAt: (row: number) => number | null;
  /** How many of the first rows have known problems and rewards, and whether these are all rows. */
  readonly known: () => { readonly rows: number; readonly all: boolean };
}

/**
 * The search for the rows of a view. Matches are shown as they are found, unless they must be sorted; it goes on while
 * the file is read, and through edits.
 */
export class RowSearch {
  /** Rows that were looked at. */
  private next = 0;
  private isDone: boolean;
  private edits = 0;
  private readonly conditions: readonly FactCondition[];
  private readonly words: readonly string[];
  /** The matches so far, in the order of the file. */
  private found: ShownRows;
  private rows: ShownRows;

  constructor(
    private readonly view: View,
    private readonly searched: SearchedRows,
  ) {
    const conditions = parseFilter(view.filter);
    this.conditions = conditions.filter((condition) => condition.kind !== 'word');
    this.words = conditions.flatMap((condition) => (condition.kind === 'word' ? [condition.word] : []));
    this.isDone = conditions.length === 0 && view.sort === 'row' && !view.descending;
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
    return this.view.sort === 'margin' || this.conditions.some(({ kind }) => kind === 'margin' || kind === 'problem');
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
    return this.view.sort === 'row' && !this.view.descending;
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
    const { lines, known } = this.searched;
    return this.dependsOnFacts ? Math.min(known().rows, lines.rowCount) : lines.rowCount;
  }

  /** Searches the next page. After an edit it drops the page, which may be outdated; the next call reads it again. */
  private async page(slices: Slices): Promise<void> {
    const { edits, next: from, words } = this;
    const { lines, pages, problemsAt, marginAt } = this.searched;
    const facts = { problemsAt, marginAt, isEdited: (row: number) => lines.isEdited(row) };
    const most = Math.min(this.limit() - from, pageRows);
    const { count, rows } =
      words.length > 0
        ? await lines.read(from, most, (source, page) => pages.search(source.lines, page, words))
        : { count: most, rows: null };
    const found: number[] = [];
    for (let i = 0; i < (rows?.length ?? count); i++) {
      if (i % sliceRows === 0) await slices.breathe();
      if (edits !== this.edits) return;
      const row = from + (rows ? at(rows, i) : i);
      if (this.conditions.every((condition) => meets(row, condition, facts))) found.push(row);
    }
    if (edits !== this.edits) return;
    this.found.append(found);
    this.next = from + count;
  }

  private async sorted(slices: Slices): Promise<ShownRows> {
    const { view, searched } = this;
    for (;;) {
      const { edits, found } = this;
      const rows = Int32Array.from(found.page(0, found.length));
      // Rows without a reward come last in either direction.
      const sign = view.descending ? -1 : 1;
      const value = (row: number): number => sign * (searched.marginAt(row) ?? sign * Number.MAX_VALUE);
      const order = view.sort === 'row' ? rows.reverse() : await sortRows(rows, value, slices);
      if (edits === this.edits) return ShownRows.of(order, searched.lines.rowCount);
    }
  }
}
