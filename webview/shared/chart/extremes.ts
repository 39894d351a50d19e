/** Values per block: a query reads two parts of blocks and the blocks between them. */
const blockSize = 64;

/** Values per block of {@link Extremes.measure}, which is asked for short stretches. */
const shortBlock = 16;

/** Finds the smallest and the largest of any stretch of a long column without reading all of it. */
export class Extremes {
  /** Of each full block, the index of its smallest and its largest value. */
  private readonly lows: Uint32Array;
  private readonly highs: Uint32Array;
  /** Of each full short block its smallest and its largest value. */
  private readonly leasts: Float64Array;
  private readonly mosts: Float64Array;
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
    const short = Math.floor(values.length / shortBlock);
    this.leasts = new Float64Array(short);
    this.mosts = new Float64Array(short);
    const starts = Uint32Array.from({ length: short + 1 }, (_, i) => i * shortBlock);
    this.measure(starts, short, this.leasts, this.mosts, false);
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

  /**
   * Puts the smallest and the largest value of stretches in `least` and `most`. A stretch goes from its start to that
   * of the next; an empty one has Infinity and -Infinity.
   */
  measure(starts: Uint32Array, count: number, least: Float64Array, most: Float64Array, hasBlocks = true): void {
    const { values, leasts, mosts } = this;
    for (let stretch = 0; stretch < count; stretch++) {
      let low = Infinity;
      let high = -Infinity;
      let i = starts[stretch] as number;
      const to = starts[stretch + 1] as number;
      if (hasBlocks && to - i >= 2 * shortBlock) {
        const first = Math.ceil(i / shortBlock);
        const last = Math.floor(to / shortBlock);
        for (; i < first * shortBlock; i++) {
          const value = values[i] as number;
          if (value < low) low = value;
          if (value > high) high = value;
        }
        for (let block = first; block < last; block++) {
          const smallest = leasts[block] as number;
          const largest = mosts[block] as number;
          if (smallest < low) low = smallest;
          if (largest > high) high = largest;
        }
        i = last * shortBlock;
      }
      for (; i < to; i++) {
        const value = values[i] as number;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      least[stretch] = low;
      most[stretch] = high;
    }
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
