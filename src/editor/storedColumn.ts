import { at } from '../base/pure/must';
import { type Edit, splicesOf } from '../pairs/edits';
import type { Column } from '../pairs/query/column';
import type { ColumnValues } from '../jsonl/packedValues';

/** Stored for a number that is not computed yet. Numbers of rows are finite, and NaN means that the row has none. */
const unknownNumber = Number.POSITIVE_INFINITY;
/** Stored for a code or a match that is not computed yet. */
const unknownCode = -1;
const unknownMatch = 2;

/** The values of a column in all rows of a document; 8 bytes a row for numbers, 4 for labels, 1 for conditions. */
export class StoredColumn {
  private values: Float64Array | Int32Array | Uint8Array;
  private length = 0;
  private readonly unknown: number;
  private readonly lists: (readonly string[])[] = [];
  private readonly places = new Map<string, number>();
  /** All rows before this one are known. */
  private complete = 0;

  constructor(readonly kind: Column['kind']) {
    this.values = newValues(kind, 0);
    this.unknown = kind === 'number' ? unknownNumber : kind === 'labels' ? unknownCode : unknownMatch;
  }

  isKnown(row: number): boolean {
    return row < this.length && this.values[row] !== this.unknown;
  }

  /** Whether the values of all rows are known. A later call looks only at rows that were unknown before. */
  get isComplete(): boolean {
    while (this.complete < this.length && this.values[this.complete] !== this.unknown) this.complete++;
    return this.complete === this.length;
  }

  /** A copy of the values of all rows, which must be known. */
  packed(): ColumnValues {
    const values = this.values.slice(0, this.length);
    if (values instanceof Float64Array) return { kind: 'number', values };
    return values instanceof Int32Array
      ? { kind: 'labels', values, lists: [...this.lists] }
      : { kind: 'match', values };
  }

  /** Takes the values of the first `count` rows. */
  fill(stored: ColumnValues, count: number): void {
    const values = stored.values.subarray(0, Math.min(count, this.length));
    if (stored.kind !== 'labels') return this.values.set(values);
    const codes = stored.lists.map((list) => this.codeOf(list));
    // The codes of a new column are those of the stored one, and copying is ten times as fast.
    if (codes.every((code, i) => code === i)) return this.values.set(values);
    for (let row = 0; row < values.length; row++) this.values[row] = at(codes, at(values, row));
  }

  number(row: number): number | null | undefined {
    const value = row < this.length ? this.values[row] : undefined;
    if (value === undefined || value === unknownNumber) return undefined;
    return Number.isNaN(value) ? null : value;
  }

  /** Rows with the same labels get the same array. */
  labels(row: number): readonly string[] | undefined {
    const code = row < this.length ? this.values[row] : undefined;
    return code === undefined || code === unknownCode ? undefined : at(this.lists, code);
  }

  /** Adds how many of some rows have which labels. A row that an edit made unknown meanwhile is not counted. */
  countLabels(rows: readonly number[], into: Map<readonly string[], number>): void {
    const counts = new Uint32Array(this.lists.length);
    for (const row of rows) {
      const code = row < this.length ? at(this.values, row) : unknownCode;
      if (code !== unknownCode) counts[code] = at(counts, code) + 1;
    }
    for (const [code, list] of this.lists.entries()) {
      const count = at(counts, code);
      if (count > 0) into.set(list, (into.get(list) ?? 0) + count);
    }
  }

  match(row: number): boolean | undefined {
    const value = row < this.length ? this.values[row] : undefined;
    return value === undefined || value === unknownMatch ? undefined : value === 1;
  }

  /** Keeps computed values. */
  take(rows: readonly number[], computed: ColumnValues): void {
    const codes = computed.kind === 'labels' ? computed.lists.map((list) => this.codeOf(list)) : null;
    for (const [i, row] of rows.entries()) {
      const value = at(computed.values, i);
      this.values[row] = codes ? at(codes, value) : value;
    }
  }

  extend(length: number): void {
    if (length > this.length) this.splice(this.length, 0, length - this.length);
  }

  /** Follows an edit. Rows that it changes or adds become unknown. */
  apply(edit: Edit): void {
    this.complete = 0;
    if (edit.op === 'replace' && edit.row < this.length) this.values[edit.row] = this.unknown;
    for (const { row, removed, added } of splicesOf(edit)) this.splice(row, removed, added);
  }

  private codeOf(list: readonly string[]): number {
    const key = JSON.stringify(list);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.lists.length);
    return this.lists.push(list) - 1;
  }

  private splice(row: number, removed: number, added: number): void {
    const length = this.length + added - removed;
    if (length > this.values.length) {
      const grown = newValues(this.kind, Math.max(length, Math.ceil(this.values.length * 1.5), 1024));
      grown.set(this.values);
      this.values = grown;
    }
    this.values.copyWithin(row + added, row + removed, this.length);
    this.values.fill(this.unknown, row, row + added);
    this.length = length;
  }
}

function newValues(kind: Column['kind'], length: number): Float64Array | Int32Array | Uint8Array {
  if (kind === 'number') return new Float64Array(length);
  return kind === 'labels' ? new Int32Array(length) : new Uint8Array(length);
}
