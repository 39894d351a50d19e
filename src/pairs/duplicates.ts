import type { Hash, RowHashes } from './contentHash';

/** What an earlier line of the file has to do with a row. */
export interface Earlier {
  readonly kind: 'duplicate' | 'contradiction';
  /** The first such line, from 1. */
  readonly line: number;
}

const firstSlots = 1024;
/** Fuller tables probe for long. */
const maxLoad = 0.75;
/** With the load, a row takes 16 to 24 bytes. */
const growth = 1.5;

/**
 * Finds rows that say the same, or the opposite, one row after the other: an open-addressing table of 64-bit hashes in
 * typed arrays, 12 bytes a slot.
 */
export class DuplicateFinder {
  private high = new Uint32Array(firstSlots);
  private low = new Uint32Array(firstSlots);
  /** The first line with this hash; 0 marks a free slot. */
  private lines = new Uint32Array(firstSlots);
  private count = 0;

  /** Bytes that its table takes. */
  get bytes(): number {
    return this.high.byteLength + this.low.byteLength + this.lines.byteLength;
  }

  /** What an earlier line has to do with this row, null if none says the same or the opposite. Lines count from 1. */
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
    return this.lines[slot] ?? 0;
  }

  /** The slot that holds this hash, or the free one where it belongs. */
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
      const hash = { high: high[slot] ?? 0, low: low[slot] ?? 0 };
      this.put(this.slotOf(hash), hash, line);
    }
  }
}
