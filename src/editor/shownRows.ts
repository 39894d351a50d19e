import { type Edit, rowAfter } from '../pairs/edits';

/**
 * The rows that a view shows, in its order. A search adds them. Later edits are followed, so that a row that no longer
 * meets the filter stays visible until the view asks again.
 */
export class ShownRows {
  private constructor(
    /** Null for all rows in the order of the file, so that an unfiltered view of a million rows needs no memory. */
    private rows: Int32Array | null,
    /** How many of `rows` are used. */
    private count: number,
    private total: number,
  ) {}

  /** All rows of a document that has `total` rows now, including rows added later. */
  static all(total: number): ShownRows {
    return new ShownRows(null, 0, total);
  }

  static none(total: number): ShownRows {
    return new ShownRows(new Int32Array(0), 0, total);
  }

  static of(rows: Int32Array, total: number): ShownRows {
    return new ShownRows(rows, rows.length, total);
  }

  get length(): number {
    return this.rows ? this.count : this.total;
  }

  /** The rows at places `from` to `from + count - 1`; fewer at the end of the list. */
  page(from: number, count: number): number[] {
    if (this.rows) return Array.from(this.rows.subarray(from, Math.min(from + count, this.count)));
    return Array.from({ length: Math.max(0, Math.min(count, this.total - from)) }, (_, i) => from + i);
  }

  /** The place of a row; null if it is not shown. */
  placeOf(row: number): number | null {
    if (!this.rows) return row < this.total ? row : null;
    const place = this.rows.subarray(0, this.count).indexOf(row);
    return place < 0 ? null : place;
  }

  /** Adds matches at the end. Not for {@link all}. */
  append(rows: readonly number[]): void {
    const old = this.rows ?? new Int32Array(0);
    if (this.count + rows.length > old.length) {
      this.rows = new Int32Array(Math.max(1024, old.length * 2, this.count + rows.length));
      this.rows.set(old.subarray(0, this.count));
    }
    this.rows?.set(rows, this.count);
    this.count += rows.length;
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
    const kept = moved(this.rows.subarray(0, this.count), edit);
    const added = edit.op === 'insert' ? edit.lines.map((_, i) => edit.row + i) : [];
    this.count = kept.length + added.length;
    this.rows = kept;
    if (added.length === 0) return;
    this.rows = new Int32Array(this.count);
    this.rows.set(kept.subarray(0, place));
    this.rows.set(added, place);
    this.rows.set(kept.subarray(place), place + added.length);
  }

  /** The place for new rows before `row`: after the row above if it is shown, else before the first shown row below. */
  private placeFor(row: number): number {
    const above = this.placeOf(row - 1);
    if (above !== null) return above + 1;
    const below = this.rows === null ? -1 : this.rows.subarray(0, this.count).findIndex((shown) => shown >= row);
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
