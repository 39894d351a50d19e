import { at } from '../../base/pure/must';
import { mixed } from '../hasher';

const firstSlots = 1024;
const maxLoad = 0.6;

/** A set of pairs of row numbers: a hash table with open addressing, 8 bytes a slot. */
export class PairSet {
  /** The first row + 1; 0 marks a free slot. */
  private ones = new Uint32Array(firstSlots);
  private others = new Uint32Array(firstSlots);
  private count = 0;

  has(one: number, other: number): boolean {
    return at(this.ones, this.slotOf(one + 1, other)) > 0;
  }

  add(one: number, other: number): void {
    const slot = this.slotOf(one + 1, other);
    if (at(this.ones, slot) > 0) return;
    this.ones[slot] = one + 1;
    this.others[slot] = other;
    this.count++;
    if (this.count > this.ones.length * maxLoad) this.grow();
  }

  private slotOf(one: number, other: number): number {
    const mask = this.ones.length - 1;
    let slot = mixed(Math.imul(one, 0x9e3779b1) ^ other) & mask;
    while (at(this.ones, slot) > 0 && (this.ones[slot] !== one || this.others[slot] !== other))
      slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { ones, others } = this;
    this.ones = new Uint32Array(2 * ones.length);
    this.others = new Uint32Array(2 * ones.length);
    for (const [slot, one] of ones.entries()) {
      if (one === 0) continue;
      const other = at(others, slot);
      const free = this.slotOf(one, other);
      this.ones[free] = one;
      this.others[free] = other;
    }
  }
}
