import { at } from '../../base/pure/must';
import { FirstRows } from './firstRows';
import { Links } from './links';
import { type Bands, jaccard } from './minHash';
import { PairSet } from './pairSet';
import { compared, hashesOfRow } from './printBatch';

/** The prints of all rows. The large parts may be on a disk. */
export interface Prints {
  readonly rows: number;
  /** [rows] `compared` or another state, see `PrintBatch`. */
  readonly states: Uint8Array;
  /** [rows · 8] see `PrintBatch`. */
  readonly hashes: Uint32Array;
  /** [rows] the number of shingles. */
  readonly sizes: Uint32Array;
  /** [rows] the hashes of a band. */
  band(index: number): Promise<Uint32Array>;
  /** The shingles of a row, ascending. */
  set(row: number): Uint32Array;
}

export interface LinkOptions {
  readonly bands: Bands;
  /** The least Jaccard similarity of near duplicates. */
  readonly threshold: number;
  /**
   * The order in which rows are compared. `rows`: each is linked to the first rows like it, if there are many.
   * `content`: the links do not depend on the order of the rows.
   */
  readonly order: 'rows' | 'content';
  /** Called often, so that other work goes on meanwhile. It throws if the search is to end. */
  readonly pause?: (bandsDone: number) => Promise<void>;
}

export interface Linked {
  readonly links: Links;
  /**
   * Rows that were not compared with all rows that share a band with them, because too many unlike rows do. A few more
   * near duplicates of them may exist.
   */
  readonly crowded: number;
}

/** A row is compared with at most this many of the rows that share a band with it. */
const mostCompared = 64;
/** A row that was found to be like this many rows is not compared with more. */
const enoughLinks = 4;
const pauseRows = 1 << 14;

/**
 * Links rows that are duplicates: equal texts, equal words, and rows whose shingles have at least the similarity of the
 * threshold. Candidates come from the bands (see `minHash.ts`); the similarity of each is computed from the shingles.
 */
export async function linkRows(prints: Prints, options: LinkOptions): Promise<Linked> {
  const links = new Links(prints.rows);
  const different = linkEqual(prints, links);
  if (options.order === 'content') different.sort(byWords(prints));
  const crowded = await linkNear(prints, different, links, options);
  return { links, crowded };
}

/** Compares rows by the hashes of their words. */
function byWords({ hashes }: Prints): (one: number, other: number) => number {
  const high = (row: number): number => at(hashes, hashesOfRow * row + 2);
  const low = (row: number): number => at(hashes, hashesOfRow * row + 3);
  return (one, other) => high(one) - high(other) || low(one) - low(other);
}

/** Links rows with equal words. @returns the first row of each, ascending */
function linkEqual({ rows, states, hashes }: Prints, links: Links): Uint32Array {
  const [exact, words] = [new FirstRows(rows), new FirstRows(rows)];
  const different = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (states[row] !== compared) continue;
    const from = hashesOfRow * row;
    const same = exact.getOrAdd(at(hashes, from), at(hashes, from + 1), row);
    const first = words.getOrAdd(at(hashes, from + 2), at(hashes, from + 3), row);
    if (first < 0) different[count++] = row;
    else if (same < 0) links.add({ earlier: first, later: row, kind: 'normalised', similarity: 1 });
    else links.add({ earlier: same, later: row, kind: 'exact', similarity: 1 });
  }
  return different.subarray(0, count);
}

async function linkNear(prints: Prints, rows: Uint32Array, links: Links, options: LinkOptions): Promise<number> {
  const { bands, threshold, pause } = options;
  if (threshold >= 1) return 0;
  const comparison = new Comparison(prints, threshold, links);
  for (let band = 0; band < bands.count; band++) {
    let since = 0;
    for (const bucket of bucketsOf(await prints.band(band), rows)) {
      comparison.compareAll(bucket);
      since += bucket.length;
      if (since < pauseRows) continue;
      since = 0;
      await pause?.(band);
    }
    await pause?.(band + 1);
  }
  return comparison.crowded;
}

/** For each hash that several rows have: these rows, in their order. */
function* bucketsOf(hashes: Uint32Array, rows: Uint32Array): Generator<Uint32Array> {
  // Sorted as one number each: the hash, as many bits as a double has left, and the index of the row.
  const indexes = 2 ** Math.ceil(Math.log2(rows.length + 1));
  const shift = Math.max(0, 32 + Math.log2(indexes) - 53);
  const keys = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) keys[i] = (at(hashes, at(rows, i)) >>> shift) * indexes + i;
  keys.sort();
  for (let start = 0; start < keys.length;) {
    const bound = (Math.floor(at(keys, start) / indexes) + 1) * indexes;
    let end = start + 1;
    while (end < keys.length && at(keys, end) < bound) end++;
    if (end > start + 1) yield Uint32Array.from(keys.subarray(start, end), (key) => at(rows, key % indexes));
    start = end;
  }
}

/** Compares two rows once, however many bands they share. */
class Comparison {
  private readonly alike = new PairSet();
  private readonly unlike = new PairSet();
  private readonly crowdedRows = new Set<number>();
  /** The rows of a bucket with which its other rows are compared. */
  private firsts: number[] = [];

  constructor(
    private readonly prints: Prints,
    private readonly threshold: number,
    private readonly links: Links,
  ) {}

  get crowded(): number {
    return this.crowdedRows.size;
  }

  /** Compares each row of a bucket with the rows before it, the first ones first. */
  compareAll(bucket: Uint32Array): void {
    this.firsts = [];
    for (const row of bucket) {
      let [tried, alike] = [0, 0];
      for (const first of this.firsts) {
        if (alike === enoughLinks || tried === mostCompared) break;
        tried++;
        if (this.compare(row, first)) alike++;
      }
      if (tried === mostCompared && alike === 0) this.crowdedRows.add(row);
      // A row that is like enough of the first rows need not be compared with later ones. The list has a bound.
      if (alike < enoughLinks && this.firsts.length <= mostCompared) this.firsts.push(row);
    }
  }

  private compare(one: number, other: number): boolean {
    const { prints, threshold } = this;
    const [earlier, row] = [Math.min(one, other), Math.max(one, other)];
    const [a, b] = [at(prints.sizes, row), at(prints.sizes, earlier)];
    // The similarity is at most the ratio of the sizes.
    if (Math.min(a, b) < threshold * Math.max(a, b)) return false;
    if (this.alike.has(earlier, row)) return true;
    if (this.unlike.has(earlier, row)) return false;
    const similarity = jaccard(prints.set(earlier), prints.set(row));
    const alike = similarity >= threshold;
    (alike ? this.alike : this.unlike).add(earlier, row);
    if (alike) this.links.add({ earlier, later: row, kind: 'near', similarity });
    return alike;
  }
}
