import { at } from '../base/pure/must';
import type { Hash, RowHashes } from './contentHash';

/** The earlier line of the file that a row repeats or contradicts. */
export interface Earlier {
  readonly kind: 'duplicate' | 'contradiction';
  /** The first such line, from 1. */
  readonly line: number;
}

const firstSlots = 1024;
/** The largest share of used slots. A fuller table would need long probes. */
const maxLoad = 0.75;
/** A full table grows by this factor. With {@link maxLoad} a row takes 16 to 24 bytes. */
const growth = 1.5;

/**
 * Finds rows that repeat or contradict an earlier row. It is a hash table with open addressing and linear probing, in
 * typed arrays with 12 bytes per slot: a 64-bit hash and a line number.
 */
export class DuplicateFinder {
  private high = new Uint32Array(firstSlots);
  private low = new Uint32Array(firstSlots);
  /** The first line with this hash; 0 marks a free slot. */
  private lines = new Uint32Array(firstSlots);
  private count = 0;

  /** Size of the table in bytes. */
  get bytes(): number {
    return this.high.byteLength + this.low.byteLength + this.lines.byteLength;
  }

  /**
   * Adds a row.
   *
   * @param line from 1
   * @returns the earlier line that the row repeats or contradicts; null if there is none
   */
  add(line: number, { own, opposite }: RowHashes): Earlier | null {
    const slot = this.slotOf(own);
    const same = this.lineAt(slot);
    if (same > 0) return { kind: 'duplicate', line: same };
    const against = this.lineAt(this.slotOf(opposite));
    this.put(slot, own, line);
    this.count++;
    if (this.count > this.lines.length * maxLoad) this.grow();
    return against > 0 ? { kind: 'contradiction', line: against } : null;
  }

  private lineAt(slot: number): number {
    return at(this.lines, slot);
  }

  /** The slot that holds this hash, or the free slot for it. */
  private slotOf({ high, low }: Hash): number {
    const size = this.lines.length;
    let slot = high % size;
    while (this.lineAt(slot) > 0 && (this.high[slot] !== high || this.low[slot] !== low))
      slot = slot + 1 === size ? 0 : slot + 1;
    return slot;
  }

  private put(slot: number, { high, low }: Hash, line: number): void {
    this.high[slot] = high;
    this.low[slot] = low;
    this.lines[slot] = line;
  }

  private grow(): void {
    const { high, low, lines } = this;
    const size = Math.ceil(lines.length * growth);
    this.high = new Uint32Array(size);
    this.low = new Uint32Array(size);
    this.lines = new Uint32Array(size);
    for (const [slot, line] of lines.entries()) {
      if (line === 0) continue;
      const hash = { high: at(high, slot), low: at(low, slot) };
      this.put(this.slotOf(hash), hash, line);
    }
  }
}
