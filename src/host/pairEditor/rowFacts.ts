import type { Edit } from '../../pairs/edits';

const unknown = 255;
/** Stands for "no pair" among the keys, which are not negative. */
const noKey = -1;
/** Digits of a key that are kept: 52 bits fit a number exactly. */
const keyDigits = 13;

/** A pair's key (hex) as a number. */
export function shortKey(key: string): number {
  return Number.parseInt(key.slice(0, keyDigits), 16);
}

/** What is known of each row without its text: the key of its pair and how many problems it has. Nine bytes a row. */
export class RowFacts {
  private keys = new Float64Array(0);
  private problems = new Uint8Array(0);
  private count = 0;
  private flawed = 0;
  private open = 0;

  get length(): number {
    return this.count;
  }

  /** Rows with problems, among the known ones. */
  get problemRows(): number {
    return this.flawed;
  }

  get unknownRows(): number {
    return this.open;
  }

  /** The row's {@link shortKey}; null where it holds no pair or is not known yet. */
  keyAt(row: number): number | null {
    const key = this.keys[row] ?? noKey;
    return row < this.count && key !== noKey ? key : null;
  }

  problemsAt(row: number): number {
    const problems = row < this.count ? (this.problems[row] ?? 0) : 0;
    return problems === unknown ? 0 : problems;
  }

  /** The first row from `from` on that has not been looked at; `length` where there is none. */
  nextUnknown(from: number): number {
    const row = this.problems.subarray(0, this.count).indexOf(unknown, from);
    return row < 0 ? this.count : row;
  }

  rowOf(key: number): number | null {
    const row = this.keys.subarray(0, this.count).indexOf(key);
    return row < 0 ? null : row;
  }

  set(row: number, key: number | null, problems: number): void {
    this.forget(row);
    this.keys[row] = key ?? noKey;
    this.problems[row] = Math.min(problems, unknown - 1);
    this.open--;
    if (problems > 0) this.flawed++;
  }

  clear(length: number): void {
    this.count = 0;
    this.flawed = 0;
    this.open = 0;
    this.splice(0, 0, length);
  }

  extend(length: number): void {
    if (length > this.count) this.splice(this.count, 0, length - this.count);
  }

  /** Rows that the edit changes or brings become unknown; the others keep what is known of them. */
  apply(edit: Edit): void {
    switch (edit.op) {
      case 'replace':
        return this.forget(edit.row);
      case 'insert':
        return this.splice(edit.row, 0, edit.lines.length);
      case 'delete':
        return this.splice(edit.row, edit.lines.length, 0);
      case 'move': {
        this.splice(edit.from, edit.count, 0);
        this.splice(edit.to <= edit.from ? edit.to : edit.to - edit.count, 0, edit.count);
      }
    }
  }

  private forget(row: number): void {
    const before = this.problems[row] ?? unknown;
    if (before === unknown) return;
    if (before > 0) this.flawed--;
    this.open++;
    this.problems[row] = unknown;
    this.keys[row] = noKey;
  }

  private splice(row: number, removed: number, added: number): void {
    for (let i = row; i < row + removed; i++) this.forget(i);
    this.open += added - removed;
    this.reserve(this.count + added);
    for (const column of [this.keys, this.problems]) column.copyWithin(row + added, row + removed, this.count);
    this.keys.fill(noKey, row, row + added);
    this.problems.fill(unknown, row, row + added);
    this.count += added - removed;
  }

  /** Room grows by half, so that a growing file is not copied at each step. */
  private reserve(length: number): void {
    if (length <= this.keys.length) return;
    const room = Math.max(length, Math.ceil(this.keys.length * 1.5), 1024);
    const keys = new Float64Array(room);
    keys.set(this.keys.subarray(0, this.count));
    const problems = new Uint8Array(room);
    problems.set(this.problems.subarray(0, this.count));
    this.keys = keys;
    this.problems = problems;
  }
}
