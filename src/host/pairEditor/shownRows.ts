import { at, must } from '../../base/pure/must';
import type { LinesDocument } from '../../jsonl/node/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import type { RowReward, View } from '../../protocol/pairEditor';
import { type Condition, meets, parseFilter } from './filter';
import { Slices } from './slices';
import { sortRows } from './sortRows';

/** Lines that a word filter reads at a time. */
const pageRows = 64;

/** What a filter and a sorting look at. */
export interface SearchedRows {
  readonly lines: LinesDocument;
  readonly problemsAt: (row: number) => number;
  readonly rewardAt: (row: number) => RowReward | undefined;
}

/**
 * The rows that a view shows, in its order. They are found when the view asks. Later edits are followed, so that a row
 * that no longer meets the filter stays visible until the view asks again.
 */
export class ShownRows {
  private constructor(
    /** Null for all rows in the order of the file, so that a plain view of a million rows needs no memory. */
    private rows: Int32Array | null,
    /** Whether they depend on problems or rewards, which may arrive later. */
    readonly dependsOnFacts: boolean,
    private total: number,
  ) {}

  static all(total: number): ShownRows {
    return new ShownRows(null, false, total);
  }

  /** Finds the rows of a view. @throws the signal's reason when aborted */
  static async find(view: View, searched: SearchedRows, signal?: AbortSignal): Promise<ShownRows> {
    const conditions = parseFilter(view.filter);
    const total = searched.lines.rowCount;
    if (conditions.length === 0 && view.sort === 'row' && !view.descending) return ShownRows.all(total);
    const slices = new Slices(signal);
    const rows = await matching(conditions, searched, slices);
    const dependsOnFacts =
      view.sort === 'margin' || conditions.some(({ kind }) => kind === 'margin' || kind === 'problem');
    if (view.sort === 'row') return new ShownRows(view.descending ? rows.reverse() : rows, dependsOnFacts, total);
    // Rows without a reward come last in either direction.
    const sign = view.descending ? -1 : 1;
    const value = (row: number): number => sign * (searched.rewardAt(row)?.margin ?? sign * Number.MAX_VALUE);
    return new ShownRows(await sortRows(rows, value, slices), dependsOnFacts, total);
  }

  get length(): number {
    return this.rows?.length ?? this.total;
  }

  /** The rows at places `from` to `from + count - 1`, if there are so many. */
  page(from: number, count: number): number[] {
    if (this.rows) return Array.from(this.rows.subarray(from, from + count));
    return Array.from({ length: Math.max(0, Math.min(count, this.total - from)) }, (_, i) => from + i);
  }

  /** The place of a row; null if it is not shown. */
  placeOf(row: number): number | null {
    if (!this.rows) return row < this.total ? row : null;
    const place = this.rows.indexOf(row);
    return place < 0 ? null : place;
  }

  grow(total: number): void {
    this.total = Math.max(this.total, total);
  }

  /** Follows an edit. Rows keep their places; new rows come after the row that they were inserted after. */
  apply(edit: Edit): void {
    if (edit.op === 'insert') this.total += edit.lines.length;
    if (edit.op === 'delete') this.total -= edit.lines.length;
    if (!this.rows || edit.op === 'replace') return;
    const place = edit.op === 'insert' ? this.placeFor(edit.row) : 0;
    const kept = moved(this.rows, edit);
    if (edit.op !== 'insert') {
      this.rows = kept;
      return;
    }
    const added = edit.lines.map((_, i) => edit.row + i);
    this.rows = new Int32Array(kept.length + added.length);
    this.rows.set(kept.subarray(0, place));
    this.rows.set(added, place);
    this.rows.set(kept.subarray(place), place + added.length);
  }

  /** The place for new rows before `row`: after the row above if it is shown, else before the first shown row below. */
  private placeFor(row: number): number {
    const above = this.placeOf(row - 1);
    if (above !== null) return above + 1;
    const below = this.rows === null ? -1 : this.rows.findIndex((shown) => shown >= row);
    return below < 0 ? this.length : below;
  }
}

/** The rows after an edit, without deleted ones. A plain loop, because a million rows must take only milliseconds. */
function moved(rows: Int32Array, edit: Edit): Int32Array {
  const kept = new Int32Array(rows.length);
  let count = 0;
  if (edit.op === 'move') for (const row of rows) kept[count++] = rowAfter(row, edit) ?? row;
  else if (edit.op !== 'replace') {
    const deleted = edit.op === 'delete' ? edit.lines.length : 0;
    const shift = edit.op === 'delete' ? -deleted : edit.lines.length;
    for (const row of rows) {
      if (row < edit.row) kept[count++] = row;
      else if (row >= edit.row + deleted) kept[count++] = row + shift;
    }
  }
  return kept.subarray(0, count);
}

async function matching(
  conditions: readonly Condition[],
  { lines, problemsAt, rewardAt }: SearchedRows,
  slices: Slices,
): Promise<Int32Array> {
  const byText = conditions.some(({ kind }) => kind === 'word');
  const rows = new Int32Array(lines.rowCount);
  let found = 0;
  for (let from = 0; from < rows.length; from += pageRows) {
    const texts = byText ? await lines.lines(from, pageRows) : [];
    for (let row = from; row < Math.min(rows.length, from + pageRows); row++) {
      await slices.breathe();
      const text = byText ? searchable(at(texts, row - from)) : '';
      const filtered = {
        row,
        margin: rewardAt(row)?.margin ?? null,
        problems: problemsAt(row),
        edited: row < lines.rowCount && lines.isEdited(row),
        text,
      };
      if (conditions.every((condition) => meets(filtered, condition))) rows[found++] = row;
    }
  }
  return rows.slice(0, found);
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
