import { at } from '../base/pure/must';
import { type Edit, splicesOf } from '../pairs/edits';
import { ListKeys } from './listKeys';
import type { RowIdentity } from '../pairs/rowRewards';

/** Whether a row is scanned. */
const [unknown, known] = [0, 1] as const;
const mostProblems = 255;
/** Stored in place of a key, which is never negative, for a row that has nothing to score. */
const noKey = -1;
/** Labels of judged answers; a row stores the index. */
const labels = [null, true, false] as const;

/**
 * Facts about each row, without its text: its keys, its label and the number of its problems. 19 bytes per row, and for
 * a list those of {@link ListKeys}.
 */
export class RowFacts {
  private readonly lists = new ListKeys();
  /** The key of a row; for a list of answers, its place in {@link lists} as a negative number, see {@link placed}. */
  private keys = new Float64Array(0);
  private exchanged = new Float64Array(0);
  private labels = new Uint8Array(0);
  private problems = new Uint8Array(0);
  private states = new Uint8Array(0);
  private count = 0;
  private withProblems = 0;
  private unscanned = 0;

  get length(): number {
    return this.count;
  }

  /** Number of scanned rows with problems. */
  get problemRows(): number {
    return this.withProblems;
  }

  get unknownRows(): number {
    return this.unscanned;
  }

  /** Null if the row has nothing to score, or is not scanned yet. */
  identityAt(row: number): RowIdentity | null {
    const key = this.keys[row];
    const exchanged = this.exchanged[row];
    if (row >= this.count || key === undefined || exchanged === undefined || key === noKey) return null;
    if (key < noKey) return { keys: this.lists.at(placed(key)) };
    return { key, exchanged, judgedGood: at(labels, at(this.labels, row)) };
  }

  problemsAt(row: number): number {
    // Rows beyond the scan have no known problems.
    if (row >= this.count) return 0;
    return at(this.problems, row);
  }

  /** The first row from `from` on that is not scanned; `length` if all are. */
  nextUnknown(from: number): number {
    const row = this.states.subarray(0, this.count).indexOf(unknown, from);
    return row < 0 ? this.count : row;
  }

  /** The first row with a key; else the first list with a pair that has it; else the first row with it exchanged. */
  rowOf(key: number): number | null {
    const rowWith = (column: Float64Array, value: number): number => column.subarray(0, this.count).indexOf(value);
    const rows = [rowWith(this.keys, key)];
    for (const place of this.lists.placesOf(key)) rows.push(rowWith(this.keys, placed(place)));
    rows.push(rowWith(this.exchanged, key));
    return rows.find((row) => row >= 0) ?? null;
  }

  set(row: number, identity: RowIdentity | null, problems: number): void {
    this.forget(row);
    if (identity !== null) this.identify(row, identity);
    this.problems[row] = Math.min(problems, mostProblems);
    this.states[row] = known;
    this.unscanned--;
    if (problems > 0) this.withProblems++;
  }

  /** Makes a row unknown. Until it is scanned again, it keeps its problems and keys. */
  doubt(row: number): void {
    if (row >= this.count || this.states[row] === unknown) return;
    this.states[row] = unknown;
    this.unscanned++;
  }

  /** Rows that are pairs or judged answers with one of some keys, as they are or exchanged. */
  rowsWith(keys: ReadonlySet<number>): readonly number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.count; row++)
      if (keys.has(at(this.keys, row)) || keys.has(at(this.exchanged, row))) rows.push(row);
    return rows;
  }

  /** Whether some rows are lists of answers. */
  get hasLists(): boolean {
    return !this.lists.isEmpty;
  }

  /** Makes all rows unknown. Until they are scanned again, they keep their problems. */
  again(): void {
    this.states.fill(unknown, 0, this.count);
    this.unscanned = this.count;
  }

  clear(length: number): void {
    this.lists.clear();
    this.count = 0;
    this.withProblems = 0;
    this.unscanned = 0;
    this.splice(0, 0, length);
  }

  extend(length: number): void {
    if (length > this.count) this.splice(this.count, 0, length - this.count);
  }

  /** Follows an edit. Rows that it changes or adds become unknown. */
  apply(edit: Edit): void {
    if (edit.op === 'replace') this.forget(edit.row);
    for (const { row, removed, added } of splicesOf(edit)) this.splice(row, removed, added);
  }

  private identify(row: number, identity: RowIdentity): void {
    if ('keys' in identity) {
      this.keys[row] = placed(this.lists.add(identity.keys));
      return;
    }
    this.keys[row] = identity.key;
    this.exchanged[row] = identity.exchanged;
    this.labels[row] = labels.indexOf(identity.judgedGood);
  }

  private forget(row: number): void {
    if (at(this.problems, row) > 0) this.withProblems--;
    if (this.states[row] === known) this.unscanned++;
    this.problems[row] = 0;
    this.states[row] = unknown;
    this.keys[row] = noKey;
    this.exchanged[row] = noKey;
  }

  private splice(row: number, removed: number, added: number): void {
    for (let i = row; i < row + removed; i++) this.forget(i);
    this.unscanned += added - removed;
    this.reserve(this.count + added);
    const columns = [this.keys, this.exchanged, this.labels, this.problems, this.states];
    for (const column of columns) column.copyWithin(row + added, row + removed, this.count);
    for (const column of [this.keys, this.exchanged]) column.fill(noKey, row, row + added);
    for (const column of [this.problems, this.states]) column.fill(0, row, row + added);
    this.count += added - removed;
  }

  /** Grows by half, so that a growing file is not copied at each step. */
  private reserve(length: number): void {
    if (length <= this.keys.length) return;
    const room = Math.max(length, Math.ceil(this.keys.length * 1.5), 1024);
    this.keys = grown(this.keys, new Float64Array(room));
    this.exchanged = grown(this.exchanged, new Float64Array(room));
    this.labels = grown(this.labels, new Uint8Array(room));
    this.problems = grown(this.problems, new Uint8Array(room));
    this.states = grown(this.states, new Uint8Array(room));
  }
}

function grown<Column extends Float64Array | Uint8Array>(old: Column, column: Column): Column {
  column.set(old);
  return column;
}

/** The place of a list as a number below {@link noKey}, and back. */
function placed(place: number): number {
  return -2 - place;
}
