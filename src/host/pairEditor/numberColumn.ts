/** Stored for a value that is not computed yet. */
const unknown = Number.NaN;
/** Stored for a row that has no value. */
const none = Number.POSITIVE_INFINITY;

/**
 * A number that is computed for each row, or null. It is kept in 8 bytes a row until {@link clear}, so that a second
 * filter or a sort by it does not compute it again.
 */
export class NumberColumn {
  private values = new Float64Array(0);

  /** @param compute a finite number, or null */
  constructor(private readonly compute: (row: number) => number | null) {}

  at(row: number): number | null {
    if (row >= this.values.length) this.grow(row + 1);
    const kept = this.values[row];
    if (kept === none) return null;
    if (kept !== undefined && !Number.isNaN(kept)) return kept;
    const value = this.compute(row);
    this.values[row] = value ?? none;
    return value;
  }

  /** Call this when the rows change, or what the numbers are computed from. */
  clear(): void {
    this.values = new Float64Array(0);
  }

  /** Grows by half, because rows are often asked for in order. */
  private grow(length: number): void {
    const old = this.values;
    this.values = new Float64Array(Math.max(length, Math.ceil(old.length * 1.5), 1024));
    this.values.set(old);
    this.values.fill(unknown, old.length);
  }
}
