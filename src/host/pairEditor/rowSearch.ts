import { at, must } from '../../base/pure/must';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Edit } from '../../pairs/edits';
import type { View } from '../../protocol/pairEditor';
import { type Condition, meets, parseFilter } from './filter';
import { ShownRows } from './shownRows';
import { Slices } from './slices';
import { sortRows } from './sortRows';

/** Lines that a word filter reads at a time. */
const pageRows = 64;
/** Rows without a word filter, which reads no lines. */
const factRows = 8192;
/** A search that has reached the last known row looks for more rows at this pace. */
const waitMs = 50;

/** The facts about rows that a filter and a sort order read. */
export interface SearchedRows {
  readonly lines: LinesDocument;
  readonly problemsAt: (row: number) => number;
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
  private readonly conditions: readonly Condition[];
  /** The matches so far, in the order of the file. */
  private found: ShownRows;
  private rows: ShownRows;

  constructor(
    private readonly view: View,
    private readonly searched: SearchedRows,
  ) {
    this.conditions = parseFilter(view.filter);
    this.isDone = this.conditions.length === 0 && view.sort === 'row' && !view.descending;
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
    const { edits, next: from, conditions } = this;
    const { lines, problemsAt, marginAt } = this.searched;
    const byText = conditions.some(({ kind }) => kind === 'word');
    const end = Math.min(this.limit(), from + (byText ? pageRows : factRows));
    const texts = byText ? await lines.lines(from, end - from) : [];
    const rows: number[] = [];
    for (let row = from; row < end; row++) {
      await slices.breathe();
      if (edits !== this.edits) return;
      const filtered = {
        row,
        margin: marginAt(row),
        problems: problemsAt(row),
        edited: lines.isEdited(row),
        text: byText ? searchable(at(texts, row - from)) : '',
      };
      if (conditions.every((condition) => meets(filtered, condition))) rows.push(row);
    }
    this.found.append(rows);
    this.next = end;
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

/** The line in lower case, with the common escapes decoded: words in other scripts are often written as \u escapes. */
function searchable(line: string): string {
  if (!line.includes('\\')) return line.toLowerCase();
  const read = line.replaceAll(
    /\\u([0-9a-fA-F]{4})|\\([nrt"\\/])/g,
    (_, hex: string | undefined, one: string | undefined) =>
      hex !== undefined
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : one === 'n' || one === 'r' || one === 't'
          ? ' '
          : must(one, 'the character of an escape'),
  );
  return read.toLowerCase();
}
