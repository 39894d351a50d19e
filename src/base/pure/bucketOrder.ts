import type { Breathing } from './breathing';
import { lowerBound } from './lowerBound';
import { at } from './must';
import { sortRows } from './sortRows';

/** Numbers processed between two turns of the event loop. */
const chunk = 1 << 15;
/** Most buckets are empty. */
const bucketsAtOnce = 1 << 10;
/** Bits of a number that decide its bucket: sign, exponent and 6 bits of the fraction. */
const bucketBits = 18;
const buckets = 1 << bucketBits;
const shift = 32 - bucketBits;
const sign = 0x8000_0000;
/** Of what is not a number. No number has these bits: those of the infinities come before. */
const lastBucket = buckets - 1;
/** Where the upper half of a float is among its two halves. */
const upper = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * The order of rows by value, of which only parts are sorted: a view shows one page of a million rows. Rows are grouped
 * in buckets of similar values, and only the buckets that a part needs are sorted. Equal values stay in the order of
 * the rows; NaN comes last in either direction.
 */
export class BucketOrder {
  private constructor(
    private readonly values: Float64Array,
    private readonly isDescending: boolean,
    /** By bucket. */
    private readonly rows: Int32Array,
    /** Of each bucket the index of its first row; one more for the end. */
    private readonly starts: Uint32Array,
  ) {}

  /** @param rows ascending; each the index of its value */
  static async of(
    rows: Int32Array,
    values: Float64Array,
    isDescending: boolean,
    slices: Breathing,
  ): Promise<BucketOrder> {
    const bucketOf = new Uint32Array(rows.length);
    const counts = new Uint32Array(buckets + 1);
    await inChunks(rows.length, slices, (from, to) => {
      fillBuckets(bucketOf, counts, { rows, values, isDescending }, from, to);
    });
    const starts = startsOf(counts);
    const next = starts.slice();
    const grouped = new Int32Array(rows.length);
    await inChunks(rows.length, slices, (from, to) => {
      for (let i = from; i < to; i++) {
        const place = next[bucketOf[i] as number] as number;
        next[bucketOf[i] as number] = place + 1;
        grouped[place] = rows[i] as number;
      }
    });
    return new BucketOrder(values, isDescending, grouped, starts);
  }

  get length(): number {
    return this.rows.length;
  }

  /** The rows from an index of the order up to another one. */
  async part(from: number, to: number, slices: Breathing): Promise<Int32Array> {
    const end = Math.min(to, this.length);
    if (from >= end) return new Int32Array(0);
    const [first, last] = [this.bucketAt(from), this.bucketAt(end - 1)];
    const rows = await this.sorted(first, last, slices);
    const start = at(this.starts, first);
    return rows.subarray(from - start, end - start);
  }

  /** The index of a row in the order; null if it is not among the rows. */
  async indexOf(row: number, slices: Breathing): Promise<number | null> {
    const place = this.rows.indexOf(row);
    if (place < 0) return null;
    const bucket = this.bucketAt(place);
    return at(this.starts, bucket) + (await this.sorted(bucket, bucket, slices)).indexOf(row);
  }

  /** What the first rows of the order have together. */
  async sums(slices: Breathing): Promise<OrderSums> {
    const { values, starts } = this;
    const before = await this.sumsOfBuckets(slices);
    const total = at(before, buckets);
    return {
      total,
      ofFirst: async (count) => {
        if (count >= this.length) return total;
        const bucket = this.bucketAt(count);
        let sum = at(before, bucket);
        for (const row of await this.part(at(starts, bucket), count, slices)) sum += at(values, row);
        return sum;
      },
      until: async (wanted) => {
        if (wanted <= 0) return 0;
        const bucket = Math.max(0, Math.min(buckets, lowerBound(before, wanted)) - 1);
        let [count, sum] = [at(starts, bucket), at(before, bucket)];
        for (const row of await this.sorted(bucket, bucket, slices)) {
          if (sum >= wanted) break;
          sum += at(values, row);
          count++;
        }
        return count;
      },
    };
  }

  /** Of each value, 1 if its row is among the first `count` of the order. */
  async isFirst(count: number, slices: Breathing): Promise<Uint8Array> {
    const marked = new Uint8Array(this.values.length);
    const whole = count >= this.length ? this.length : at(this.starts, this.bucketAt(count));
    await inChunks(whole, slices, (from, to) => {
      for (let i = from; i < to; i++) marked[this.rows[i] as number] = 1;
    });
    for (const row of await this.part(whole, count, slices)) marked[row] = 1;
    return marked;
  }

  /** Of each bucket the sum of all before it; one more for the end. */
  private async sumsOfBuckets(slices: Breathing): Promise<Float64Array> {
    const { rows, starts, values } = this;
    const before = new Float64Array(buckets + 1);
    let sum = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const end = starts[bucket + 1] as number;
      for (let i = starts[bucket] as number; i < end; i++) sum += values[rows[i] as number] as number;
      before[bucket + 1] = sum;
      if (bucket % bucketsAtOnce === 0) await slices.breathe();
    }
    return before;
  }

  /** The bucket of an index of the order: the last one that starts there or before. */
  private bucketAt(index: number): number {
    return lowerBound(this.starts, index + 1) - 1;
  }

  /** The rows of some buckets in their order. */
  private async sorted(first: number, last: number, slices: Breathing): Promise<Int32Array> {
    const { rows, values, starts } = this;
    const factor = this.isDescending ? -1 : 1;
    const end = at(starts, Math.min(last + 1, lastBucket));
    const numbers = rows.slice(Math.min(at(starts, first), end), end);
    const sorted = await sortRows(numbers, (row) => factor * (values[row] as number), slices);
    return last < lastBucket ? sorted : joined(sorted, rows.subarray(Math.max(end, at(starts, first))));
  }
}

export interface OrderSums {
  /** Of all rows. */
  readonly total: number;
  /** Of the first so many rows. */
  readonly ofFirst: (count: number) => Promise<number>;
  /** How many of the first rows reach a sum, if no value is negative. */
  readonly until: (wanted: number) => Promise<number>;
}

interface Rows {
  readonly rows: Int32Array;
  readonly values: Float64Array;
  readonly isDescending: boolean;
}

/** Finds the bucket of each row, and counts them. */
function fillBuckets(
  bucketOf: Uint32Array,
  counts: Uint32Array,
  { rows, values, isDescending }: Rows,
  from: number,
  to: number,
): void {
  const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const turned = isDescending ? lastBucket : 0;
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    const value = values[row] as number;
    let bucket = lastBucket;
    if (!Number.isNaN(value)) {
      // -0 is 0. IEEE 754: the bits of positive numbers are in their order, those of negative ones in the reverse.
      const bits = value === 0 ? 0 : (halves[2 * row + upper] as number);
      bucket = ((bits & sign ? ~bits : bits ^ sign) >>> shift) ^ turned;
    }
    bucketOf[i] = bucket;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
}

/** The sums of the counts before each. */
function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length);
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i - 1] as number) + (counts[i - 1] as number);
  return starts;
}

function joined(first: Int32Array, last: Int32Array): Int32Array {
  const both = new Int32Array(first.length + last.length);
  both.set(first);
  both.set(last, first.length);
  return both;
}

async function inChunks(count: number, slices: Breathing, work: (from: number, to: number) => void): Promise<void> {
  for (let from = 0; from < count; from += chunk) {
    work(from, Math.min(count, from + chunk));
    await slices.breathe();
  }
}
