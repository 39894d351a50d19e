import type { LinesDocument } from '../../jsonl/node/document';
import { type Edit, rowAfter } from '../../pairs/edits';
import type { RowReward, View } from '../../protocol/pairEditor';
import { type Condition, meets, parseFilter } from './filter';
import { Slices } from './slices';
import { sortRows } from './sortRows';

/** Lines that a word filter reads at once. */
const pageRows = 64;

export interface RowsAsked {
  readonly lines: LinesDocument;
  readonly problemsAt: (row: number) => number;
  readonly rewardAt: (row: number) => RowReward | undefined;
}

/**
 * The rows a view shows, in its order. It is worked out when the view asks; edits then carry it along, so that a row
 * which no longer meets the filter stays in sight until somebody asks again.
 */
export class ShownRows {
  private constructor(
    /** null: all rows as they lie, so that a plain view of a million rows costs nothing. */
    private rows: Int32Array | null,
    /** Whether it depends on facts or rewards, which may come later. */
    readonly dependsOnFacts: boolean,
    private total: number,
  ) {}

  static all(total: number): ShownRows {
    return new ShownRows(null, false, total);
  }

  /** Throws the signal's reason when aborted. */
  static async find(view: View, asked: RowsAsked, signal?: AbortSignal): Promise<ShownRows> {
    const conditions = parseFilter(view.filter);
    const total = asked.lines.rowCount;
    if (conditions.length === 0 && view.sort === 'row' && !view.descending) return ShownRows.all(total);
    const slices = new Slices(signal);
    const rows = await matching(conditions, asked, slices);
    const dependsOnFacts =
      view.sort === 'margin' || conditions.some(({ kind }) => kind === 'margin' || kind === 'problem');
    if (view.sort === 'row') return new ShownRows(view.descending ? rows.reverse() : rows, dependsOnFacts, total);
    // Rows without a reward come last either way.
    const sign = view.descending ? -1 : 1;
    const value = (row: number): number => sign * (asked.rewardAt(row)?.margin ?? sign * Number.MAX_VALUE);
    return new ShownRows(await sortRows(rows, value, slices), dependsOnFacts, total);
  }

  get length(): number {
    return this.rows?.length ?? this.total;
  }

  /** Rows at places `from … from + count - 1`, as far as there are any. */
  page(from: number, count: number): number[] {
    if (this.rows) return Array.from(this.rows.subarray(from, from + count));
    return Array.from({ length: Math.max(0, Math.min(count, this.total - from)) }, (_, i) => from + i);
  }

  /** The place of a row; null where it is not shown. */
  placeOf(row: number): number | null {
    if (!this.rows) return row < this.total ? row : null;
    const place = this.rows.indexOf(row);
    return place < 0 ? null : place;
  }

  grow(total: number): void {
    this.total = Math.max(this.total, total);
  }

  /** Follows an edit: kept rows keep their places, new ones stand behind the row they were put after. */
  apply(edit: Edit): void {
    if (edit.op === 'insert') this.total += edit.lines.length;
    if (edit.op === 'delete') this.total -= edit.lines.length;
    if (!this.rows || edit.op === 'replace') return;
    const place = edit.op === 'insert' ? this.placeFor(edit.row) : 0;
    const kept = moved(this.rows, edit);
    if (edit.op !== 'insert') return void (this.rows = kept);
    const added = edit.lines.map((_, i) => edit.row + i);
    this.rows = new Int32Array(kept.length + added.length);
    this.rows.set(kept.subarray(0, place));
    this.rows.set(added, place);
    this.rows.set(kept.subarray(place), place + added.length);
  }

  /** Where new rows before `row` go: behind the row above if that is shown, else before the first shown row below. */
  private placeFor(row: number): number {
    const above = this.placeOf(row - 1);
    if (above !== null) return above + 1;
    const below = this.rows?.findIndex((shown) => shown >= row) ?? -1;
    return below < 0 ? this.length : below;
  }
}

/**
 * The rows after an edit, without those it deletes; a plain loop, because a million rows are to take some milliseconds.
 */
function moved(rows: Int32Array, edit: Edit): Int32Array {
  const kept = new Int32Array(rows.length);
  let count = 0;
  if (edit.op === 'move') for (const row of rows) kept[count++] = rowAfter(row, edit) ?? row;
  else if (edit.op !== 'replace') {
    const deleted = edit.op === 'delete' ? edit.lines.length : 0;
    const shift = edit.op === 'delete' ? -deleted : edit.lines.length;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      if (row < edit.row) kept[count++] = row;
      else if (row >= edit.row + deleted) kept[count++] = row + shift;
    }
  }
  return kept.subarray(0, count);
}

async function matching(
  conditions: readonly Condition[],
  { lines, problemsAt, rewardAt }: RowsAsked,
  slices: Slices,
): Promise<Int32Array> {
  const byText = conditions.some(({ kind }) => kind === 'word');
  const rows = new Int32Array(lines.rowCount);
  let found = 0;
  for (let from = 0; from < rows.length; from += pageRows) {
    const texts = byText ? await lines.lines(from, pageRows) : [];
    for (let row = from; row < Math.min(rows.length, from + pageRows); row++) {
      await slices.breathe();
      const text = byText ? searchable(texts[row - from] ?? '') : '';
      const asked = {
        row,
        margin: rewardAt(row)?.margin ?? null,
        problems: problemsAt(row),
        edited: row < lines.rowCount && lines.isEdited(row),
        text,
      };
      if (conditions.every((condition) => meets(asked, condition))) rows[found++] = row;
    }
  }
  return rows.slice(0, found);
}

/** The line with its escapes read, as far as that is cheap: words in other scripts are often written as \u escapes. */
function searchable(line: string): string {
  if (!line.includes('\\')) return line.toLowerCase();
  const read = line.replaceAll(
    /\\u([0-9a-fA-F]{4})|\\([nrt"\\/])/g,
    (_, hex: string | undefined, one: string | undefined) =>
      hex !== undefined
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : one === 'n' || one === 'r' || one === 't'
          ? ' '
          : (one ?? ''),
  );
  return read.toLowerCase();
}
