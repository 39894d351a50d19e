import { at } from '../base/pure/must';
import { type ComparedRows, type RowRange, sameRow } from './comparedRows';

const pauseRows = 1 << 14;

/**
 * Pairs of equal rows that occur once on each side of a range, as many as come in the same order on both.
 *
 * @returns `a0, b0, a1, b1, …`, both ascending
 */
export function* uniqueRows(
  before: ComparedRows,
  after: ComparedRows,
  { a, aEnd, b, bEnd }: RowRange,
): Generator<void, ArrayLike<number>> {
  const table = new RowTable(before, a, aEnd);
  for (let row = a; row < aEnd; row++) {
    table.add(row);
    if (row % pauseRows === 0) yield;
  }
  for (let row = b; row < bEnd; row++) {
    table.meet(after, row);
    if (row % pauseRows === 0) yield;
  }
  return yield* inOrder(table.partners, a, b);
}

/** Repeated on one of the sides. */
const repeated = -1;

/** Finds equal rows: a hash table of row numbers with open addressing, outside the JavaScript heap. */
class RowTable {
  /** For each row of the range: 1 + the row of the other side that equals it, 0 for none, or {@link repeated}. */
  readonly partners: Int32Array;
  /** 1 + the offset of a row in the range; 0 for a free slot. */
  private readonly slots: Int32Array;

  constructor(
    private readonly rows: ComparedRows,
    private readonly from: number,
    end: number,
  ) {
    this.partners = new Int32Array(end - from);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2((end - from) * 1.25 + 1)));
  }

  add(row: number): void {
    const slot = this.slotOf(this.rows, row);
    const first = at(this.slots, slot);
    if (first === 0) this.slots[slot] = row - this.from + 1;
    else this.partners[first - 1] = repeated;
  }

  meet(other: ComparedRows, row: number): void {
    const first = at(this.slots, this.slotOf(other, row));
    if (first === 0) return;
    this.partners[first - 1] = at(this.partners, first - 1) === 0 ? row + 1 : repeated;
  }

  /** The slot of an equal row, or the free slot for it. */
  private slotOf(rows: ComparedRows, row: number): number {
    const mask = this.slots.length - 1;
    // A checksum spreads evenly over the slots.
    for (let slot = rows.sum(row) & mask; ; slot = (slot + 1) & mask) {
      const first = at(this.slots, slot);
      if (first === 0 || sameRow(this.rows, this.from + first - 1, rows, row)) return slot;
    }
  }
}

/**
 * The longest ascending sequence of partners, by the patience algorithm.
 *
 * @param partners of each row from `a` on: 1 + its partner; a partner below `b`, 0 or less is none
 * @returns `a0, b0, a1, b1, …`, both ascending
 */
export function* inOrder(partners: Int32Array, a: number, b: number): Generator<void, ArrayLike<number>> {
  /** The row with which the best sequence of each length ends. */
  const ends = new Int32Array(partners.length);
  const previous = new Int32Array(partners.length);
  let length = 0;
  for (let i = 0; i < partners.length; i++) {
    if (i % pauseRows === 0) yield;
    const partner = at(partners, i);
    if (partner <= b) continue;
    let low = 0;
    // Most sequences only get longer.
    if (length > 0 && at(partners, at(ends, length - 1)) < partner) low = length;
    for (let high = length; low < high;) {
      const middle = (low + high) >> 1;
      if (at(partners, at(ends, middle)) < partner) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? at(ends, low - 1) : -1;
    ends[low] = i;
    length = Math.max(length, low + 1);
  }
  const pairs = new Int32Array(length * 2);
  let row = length > 0 ? at(ends, length - 1) : -1;
  for (let i = length - 1; i >= 0; i--) {
    pairs[2 * i] = a + row;
    pairs[2 * i + 1] = at(partners, row) - 1;
    row = at(previous, row);
  }
  return pairs;
}
