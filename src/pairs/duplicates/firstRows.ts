import { at } from '../../base/pure/must';

const firstSlots = 1024;
/** The largest share of used slots, and the growth of a full table: a hash takes 16 to 24 bytes. */
const maxLoad = 0.75;
const growth = 1.5;

/** The first row with each 64-bit hash: a hash table with open addressing in typed arrays, 12 bytes a slot. */
export class FirstRows {
  private high: Uint32Array;
  private low: Uint32Array;
  /** The row + 1; 0 marks a free slot. */
  private rows: Uint32Array;
  private count = 0;

  /** @param expected number of hashes, for which the table need not grow */
  constructor(expected = 0) {
    const slots = Math.max(firstSlots, Math.ceil(expected / maxLoad) + 1);
    this.high = new Uint32Array(slots);
    this.low = new Uint32Array(slots);
    this.rows = new Uint32Array(slots);
  }

  /** Size of the table in bytes. */
  get bytes(): number {
    return this.high.byteLength + this.low.byteLength + this.rows.byteLength;
  }

  /** The first row with a hash, from 0; −1 if there is none. */
  get(high: number, low: number): number {
    return at(this.rows, this.slotOf(high, low)) - 1;
  }

  /** The first row with a hash. If there is none, returns −1 and stores `row` as the first. */
  getOrAdd(high: number, low: number, row: number): number {
    const slot = this.slotOf(high, low);
    const first = at(this.rows, slot) - 1;
    if (first >= 0) return first;
    this.put(slot, high, low, row + 1);
    this.count++;
    if (this.count > this.rows.length * maxLoad) this.resize(Math.ceil(this.rows.length * growth));
    return -1;
  }

  /** Reserves memory for this many hashes at once, instead of growing step by step. */
  reserve(expected: number): void {
    const slots = Math.ceil(expected / maxLoad) + 1;
    if (slots > this.rows.length) this.resize(slots);
  }

  private slotOf(high: number, low: number): number {
    const { rows } = this;
    const size = rows.length;
    // A product is several times as quick as the rest of a division of numbers beyond 31 bits.
    let slot = Math.floor((high / 2 ** 32) * size);
    for (; rows[slot] !== 0; slot = slot + 1 === size ? 0 : slot + 1)
      if (this.high[slot] === high && this.low[slot] === low) break;
    return slot;
  }

  private put(slot: number, high: number, low: number, value: number): void {
    this.high[slot] = high;
    this.low[slot] = low;
    this.rows[slot] = value;
  }

  private resize(size: number): void {
    const { high, low, rows } = this;
    this.high = new Uint32Array(size);
    this.low = new Uint32Array(size);
    this.rows = new Uint32Array(size);
    for (let slot = 0; slot < rows.length; slot++) {
      const value = at(rows, slot);
      if (value === 0) continue;
      const [top, bottom] = [at(high, slot), at(low, slot)];
      this.put(this.slotOf(top, bottom), top, bottom, value);
    }
  }
}
