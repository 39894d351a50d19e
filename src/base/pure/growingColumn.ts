/** Numbers that a run adds to while it trains. Reading them costs no copy. */
export class GrowingColumn {
  private numbers = new Float64Array(64);
  private count = 0;

  /** A column of `length` times NaN. */
  constructor(length = 0) {
    this.extend(length);
  }

  get length(): number {
    return this.count;
  }

  /** The numbers so far. Later ones may come to another buffer, so do not keep it. */
  get values(): Float64Array {
    return this.numbers.subarray(0, this.count);
  }

  /** @param index below the length */
  get(index: number): number {
    return this.numbers[index] as number;
  }

  /** Appends NaN until the column has this length. */
  extend(length: number): void {
    if (length > this.numbers.length) {
      const wider = new Float64Array(Math.max(length, 2 * this.numbers.length));
      wider.set(this.values);
      this.numbers = wider;
    }
    this.numbers.fill(Number.NaN, this.count, length);
    this.count = Math.max(this.count, length);
  }

  /** @param index below the length */
  set(index: number, value: number): void {
    this.numbers[index] = value;
  }

  push(value: number): void {
    this.extend(this.count + 1);
    this.numbers[this.count - 1] = value;
  }

  cut(length: number): void {
    this.count = Math.min(this.count, length);
  }
}
