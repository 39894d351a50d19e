/** Values per block: a query reads two parts of blocks and the blocks between them. */
const blockSize = 64;

/** Finds the smallest and the largest of any stretch of a long column without reading all of it. */
export class Extremes {
  /** Of each full block, the index of its smallest and its largest value. */
  private readonly lows: Uint32Array;
  private readonly highs: Uint32Array;
  /** The result of the last {@link find}: indices. */
  low = 0;
  high = 0;

  /** @param values finite numbers */
  constructor(readonly values: Float64Array) {
    const blocks = Math.floor(values.length / blockSize);
    this.lows = new Uint32Array(blocks);
    this.highs = new Uint32Array(blocks);
    for (let block = 0; block < blocks; block++) {
      this.low = this.high = block * blockSize;
      this.scan(this.low + 1, this.low + blockSize);
      this.lows[block] = this.low;
      this.highs[block] = this.high;
    }
  }

  /** Puts the indices of the smallest and the largest value of `from`…`to` (exclusive, not empty) in `low`, `high`. */
  find(from: number, to: number): void {
    this.low = this.high = from;
    const first = Math.ceil(from / blockSize);
    const last = Math.floor(to / blockSize);
    if (first >= last) return this.scan(from, to);
    this.scan(from, first * blockSize);
    const { values, lows, highs } = this;
    for (let block = first; block < last; block++) {
      const low = lows[block] as number;
      const high = highs[block] as number;
      if ((values[low] as number) < (values[this.low] as number)) this.low = low;
      if ((values[high] as number) > (values[this.high] as number)) this.high = high;
    }
    this.scan(last * blockSize, to);
  }

  private scan(from: number, to: number): void {
    const { values } = this;
    let { low, high } = this;
    let least = values[low] as number;
    let most = values[high] as number;
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      if (value < least) {
        least = value;
        low = i;
      }
      if (value > most) {
        most = value;
        high = i;
      }
    }
    this.low = low;
    this.high = high;
  }
}
