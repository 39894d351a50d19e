import { at } from '../../base/pure/must';
import { seededRandom } from '../../base/pure/seededRandom';
import { mixed } from '../hasher';

/**
 * How a signature is cut into bands (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4): two rows
 * are compared if all hashes of one band agree.
 */
export interface Bands {
  readonly count: number;
  /** Hashes in a band. */
  readonly rows: number;
}

/** Most hashes of a signature. */
const mostHashes = 128;
/** The least share of the pairs of rows at the threshold that shall be compared. */
const leastShare = 0.995;

/**
 * The bands for a threshold: of those that compare at least 99.5 % of the rows whose similarity is the threshold, the
 * ones with the most hashes each, because these compare the fewest others. Rows of similarity s are compared with
 * probability 1 − (1 − s^rows)^count; for 0.8 there are 21 bands of 6 hashes.
 *
 * @param threshold over 0 to 1
 */
export function bandsFor(threshold: number): Bands {
  for (let rows = mostHashes; rows > 1; rows--) {
    const bands = { count: Math.floor(mostHashes / rows), rows };
    if (shareCompared(threshold, bands) >= leastShare) return bands;
  }
  return { count: mostHashes, rows: 1 };
}

/** The probability that two rows of a similarity are compared. */
export function shareCompared(similarity: number, { count, rows }: Bands): number {
  return 1 - (1 - similarity ** rows) ** count;
}

/**
 * MinHash (Broder 1997): the smallest value of each of several hash functions over a set. Two sets have the same
 * smallest value with the probability of their Jaccard similarity.
 */
export class MinHash {
  private readonly factors: Int32Array;
  private readonly terms: Int32Array;
  private readonly least: Int32Array;
  private set = new Int32Array(256);

  constructor(private readonly bands: Bands) {
    const random = seededRandom(0x6d617267);
    const integer = (): number => Math.floor(random() * 2 ** 32) | 0;
    // Four functions are computed together.
    const hashes = 4 * Math.ceil((bands.count * bands.rows) / 4);
    // Odd factors: x → ax + b mod 2³² is then a permutation.
    this.factors = Int32Array.from({ length: hashes }, () => integer() | 1);
    this.terms = Int32Array.from({ length: hashes }, integer);
    this.least = new Int32Array(hashes);
  }

  /**
   * Writes the hash of each band of a set: that of band b to `into[b * step + from]`.
   *
   * @param shingles one or more
   */
  bandsOf(shingles: Uint32Array, into: Uint32Array, from: number, step: number): void {
    const { count, rows } = this.bands;
    const { least } = this;
    // As signed numbers: V8 would compute with unsigned ones as doubles.
    if (this.set.length < shingles.length) this.set = new Int32Array(2 * shingles.length);
    this.set.set(shingles);
    for (let i = 0; i < least.length; i += 4)
      leastOfFour(this.set, shingles.length, this.factors, this.terms, least, i);
    for (let band = 0; band < count; band++) {
      let hash = band;
      for (let i = band * rows; i < (band + 1) * rows; i++) hash = mixed(Math.imul(hash, 31) ^ at(least, i));
      into[band * step + from] = hash;
    }
  }
}

/**
 * The smallest values of four hash functions. Most of the time of a search is spent here; four at once take a third of
 * the time of one after the other.
 */
function leastOfFour(
  set: Int32Array,
  length: number,
  factors: Int32Array,
  terms: Int32Array,
  into: Int32Array,
  first: number,
): void {
  const [f0, f1, f2, f3] = [at(factors, first), at(factors, first + 1), at(factors, first + 2), at(factors, first + 3)];
  const [t0, t1, t2, t3] = [at(terms, first), at(terms, first + 1), at(terms, first + 2), at(terms, first + 3)];
  let [a, b, c, d] = [largest, largest, largest, largest];
  for (let i = 0; i < length; i++) {
    const shingle = set[i] as number;
    const v0 = (Math.imul(f0, shingle) + t0) | 0;
    if (v0 < a) a = v0;
    const v1 = (Math.imul(f1, shingle) + t1) | 0;
    if (v1 < b) b = v1;
    const v2 = (Math.imul(f2, shingle) + t2) | 0;
    if (v2 < c) c = v2;
    const v3 = (Math.imul(f3, shingle) + t3) | 0;
    if (v3 < d) d = v3;
  }
  into[first] = a;
  into[first + 1] = b;
  into[first + 2] = c;
  into[first + 3] = d;
}

const largest = 0x7fffffff;

/** The Jaccard similarity of two sets of ascending numbers: the share of their union that both have. */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  let [i, j, both] = [0, 0, 0];
  while (i < one.length && j < other.length) {
    const [a, b] = [one[i] as number, other[j] as number];
    if (a === b) both++;
    if (a <= b) i++;
    if (b <= a) j++;
  }
  const union = one.length + other.length - both;
  return union === 0 ? 0 : both / union;
}
