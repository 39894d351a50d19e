import { at } from '../base/pure/must';
import type { RowHashes } from './contentHash';
import { FirstRows } from './duplicates/firstRows';

/** The earlier line of the file that a row repeats or contradicts. */
export interface Earlier {
  readonly kind: 'duplicate' | 'contradiction';
  /** The first such line, from 1. */
  readonly line: number;
}

/** The most rows to reserve memory for, 64 MB: an estimate of more may be far off. */
const mostReserved = 1 << 22;

/** Finds rows that repeat or contradict an earlier row, by hashes of their contents. */
export class DuplicateFinder {
  private readonly lines = new FirstRows();

  /** Size of the table in bytes. */
  get bytes(): number {
    return this.lines.bytes;
  }

  /** Reserves memory for this many rows. */
  reserve(rows: number): void {
    this.lines.reserve(Math.min(rows, mostReserved));
  }

  /**
   * Adds a row.
   *
   * @param line from 1
   * @returns the earlier line that the row repeats or contradicts; null if there is none
   */
  add(line: number, { own, opposite }: RowHashes): Earlier | null {
    return this.look(line, own.high, own.low, opposite.high, opposite.low);
  }

  /** {@link add} with the hashes as four numbers of a list: high and low of the own one, then of the opposite. */
  find(line: number, hashes: Uint32Array, from: number): Earlier | null {
    return this.look(line, at(hashes, from), at(hashes, from + 1), at(hashes, from + 2), at(hashes, from + 3));
  }

  private look(line: number, high: number, low: number, otherHigh: number, otherLow: number): Earlier | null {
    const same = this.lines.getOrAdd(high, low, line);
    if (same >= 0) return { kind: 'duplicate', line: same };
    const against = this.lines.get(otherHigh, otherLow);
    // A row with two equal answers is its own opposite.
    return against >= 0 && against !== line ? { kind: 'contradiction', line: against } : null;
  }
}
