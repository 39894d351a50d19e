import type { Breathing } from '../base/pure/breathing';

/** Slots for each key, so that a search ends soon. */
const slotsPerKey = 2;
/** Keys added between two looks at the clock. */
const slice = 1 << 14;
/** A prime near 2³² / φ spreads neighbouring numbers (Knuth, The Art of Computer Programming 3, section 6.4). */
const spread = 0x9e37_79b1;

/** Finds the place of a key among many: 8 to 16 bytes each. */
export class KeyIndex {
  private constructor(
    private readonly keyAt: (place: number) => number,
    /** A place + 1; 0: the slot is free. */
    private readonly slots: Int32Array,
  ) {}

  /**
   * Of equal keys the last place is found.
   *
   * @param keyAt the `keyNumber` at a place
   */
  static async of(count: number, keyAt: (place: number) => number, slices: Breathing): Promise<KeyIndex> {
    const bits = Math.max(1, Math.ceil(Math.log2(slotsPerKey * Math.max(1, count))));
    const index = new KeyIndex(keyAt, new Int32Array(2 ** bits));
    for (let place = 0; place < count; place++) {
      index.slots[index.slotOf(keyAt(place))] = place + 1;
      if (place % slice === 0) await slices.breathe();
    }
    return index;
  }

  /** The place of a key; null if there is none. */
  find(key: number): number | null {
    const entry = this.slots[this.slotOf(key)] as number;
    return entry === 0 ? null : entry - 1;
  }

  /** The slot with the key, or the free one where it belongs. */
  private slotOf(key: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    // Keys are hashes of 52 bits; the upper ones come in, since those of a small table use the lower ones only.
    let slot = Math.imul((key % 2 ** 32) ^ (key / 2 ** 32), spread) >>> 0;
    for (slot &= mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot] as number;
      if (entry === 0 || this.keyAt(entry - 1) === key) return slot;
    }
  }
}
