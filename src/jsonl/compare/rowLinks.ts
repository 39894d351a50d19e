import { at } from '../../base/pure/must';
import type { ComparedPart } from '../../pairs/compare/rowHash';
import type { RowHunk } from '../rowDiff';
import type { HashedRows } from './hashedRows';

/** Rows between two pauses, well under a millisecond. */
const pauseRows = 1 << 14;
const none = -1;

/**
 * Finds, for each row of the new file (after), the row of the old file (before) that it comes from. Each step links
 * rows that earlier steps could not link.
 */
export class RowLinks {
  /** For each row of the new file: its row of the old file; -1 if there is none. */
  readonly origins: Int32Array;
  private readonly taken: Uint8Array;

  constructor(
    private readonly before: HashedRows,
    private readonly after: HashedRows,
  ) {
    this.origins = new Int32Array(after.count).fill(none);
    this.taken = new Uint8Array(before.count);
  }

  /** Links the rows outside of hunks, which are equal and in the same order. */
  *outside(hunks: readonly RowHunk[]): Generator<void, void> {
    let [a, b] = [0, 0];
    for (const { start, count, added } of [...hunks, { start: this.before.count, count: 0, added: 0 }]) {
      for (; b < start; b++, a++) {
        this.link(b, a);
        if (b % pauseRows === 0) yield;
      }
      [a, b] = [a + added, b + count];
    }
  }

  /** Links rows that are equal in a part, wherever they are. If several are equal, they are linked in their order. */
  *anywhere(of: ComparedPart): Generator<void, void> {
    const { before, after, taken } = this;
    /**
     * By hash, the first and the last unlinked row of the old file; `next` has the row with the same hash that follows.
     */
    const [first, last] = [new Map<number, number>(), new Map<number, number>()];
    const next = new Int32Array(before.count).fill(none);
    for (let b = 0; b < before.count; b++) {
      if (b % pauseRows === 0) yield;
      const hash = at(taken, b) === 1 ? Number.NaN : before.hash(of, b);
      if (Number.isNaN(hash)) continue;
      const previous = last.get(hash);
      if (previous === undefined) first.set(hash, b);
      else next[previous] = b;
      last.set(hash, b);
    }
    if (first.size === 0) return;
    for (let a = 0; a < after.count; a++) {
      if (a % pauseRows === 0) yield;
      if (at(this.origins, a) !== none) continue;
      const hash = after.hash(of, a);
      const b = first.get(hash);
      if (b === undefined || b === none) continue;
      this.link(b, a);
      first.set(hash, at(next, b));
    }
  }

  /** Links rows between neighbours that are linked, if as many rows lie between these on both sides. */
  *between(fits: (before: number, after: number) => boolean): Generator<void, void> {
    const { origins, taken, before, after } = this;
    for (let a = 0; a < after.count;) {
      let end = a;
      for (; end < after.count && at(origins, end) === none; end++) if (end % pauseRows === 0) yield;
      const start = (a === 0 ? none : at(origins, a - 1)) + 1;
      const stop = end === after.count ? before.count : at(origins, end);
      for (let i = 0; stop - start === end - a && i < end - a; i++)
        if (at(taken, start + i) === 0 && fits(start + i, a + i)) this.link(start + i, a + i);
      if (end % pauseRows === 0) yield;
      a = end + 1;
    }
  }

  /** Rows of the old file that no row of the new file comes from, ascending. */
  lost(): Int32Array {
    const rows = new Int32Array(this.taken.length);
    let count = 0;
    for (const [row, taken] of this.taken.entries()) if (taken === 0) rows[count++] = row;
    return rows.slice(0, count);
  }

  private link(b: number, a: number): void {
    this.origins[a] = b;
    this.taken[b] = 1;
  }
}
