import type { RowHashes } from './contentHash';
import { FirstRows } from './duplicates/firstRows';

/** The earlier line of the file that a row repeats or contradicts. */
export interface Earlier {
  readonly kind: 'duplicate' | 'contradiction';
  /** The first such line, from 1. */
  readonly line: number;
}

/** Finds rows that repeat or contradict an earlier row, by hashes of their contents. */
export class DuplicateFinder {
  private readonly lines = new FirstRows();

  /** Size of the table in bytes. */
  get bytes(): number {
    return this.lines.bytes;
  }

  /**
   * Adds a row.
   *
   * @param line from 1
   * @returns the earlier line that the row repeats or contradicts; null if there is none
   */
  add(line: number, { own, opposite }: RowHashes): Earlier | null {
    const same = this.lines.getOrAdd(own.high, own.low, line);
    if (same >= 0) return { kind: 'duplicate', line: same };
    const against = this.lines.get(opposite.high, opposite.low);
    // A row with two equal answers is its own opposite.
    return against >= 0 && against !== line ? { kind: 'contradiction', line: against } : null;
  }
}
