import type { Hash } from '../hasher';
import type { PairResult } from '../readPair';
import { type Bands, MinHash } from './minHash';
import { type RepeatedPart, RowPrinter, type RowPrint } from './rowPrint';

/** What to compute for each row. */
export interface PrintRequest {
  readonly part: RepeatedPart;
  readonly bands: Bands;
}

/** The state of a row: it holds nothing; it does not have the compared part; it is compared. */
export const [blankRow, leftOut, compared] = [0, 1, 2];

/** The prints of consecutive rows in arrays of numbers, which a thread hands over without a copy. */
export interface PrintBatch {
  /** [rows] `blankRow`, `leftOut` or `compared`. */
  readonly states: Uint8Array<ArrayBuffer>;
  /** [rows · 8] exact, words, better, worse: high and low. Two zeros stand for no hash. */
  readonly hashes: Uint32Array<ArrayBuffer>;
  /** [rows] the number of shingles. */
  readonly sizes: Uint32Array<ArrayBuffer>;
  /** [bands · rows] the hashes of the first band for all rows, then those of the second. */
  readonly bands: Uint32Array<ArrayBuffer>;
  /** The shingles of the first row, then those of the second. */
  readonly shingles: Uint32Array<ArrayBuffer>;
}

export const hashesOfRow = 8;

/** Makes the prints of rows, a batch at a time. */
export class BatchPrinter {
  private readonly printer: RowPrinter;
  private readonly minHash: MinHash;

  constructor(private readonly request: PrintRequest) {
    this.printer = new RowPrinter(request.part);
    this.minHash = new MinHash(request.bands);
  }

  print(results: readonly PairResult[]): PrintBatch {
    const rows = results.length;
    const states = new Uint8Array(rows);
    const hashes = new Uint32Array(hashesOfRow * rows);
    const sizes = new Uint32Array(rows);
    const bands = new Uint32Array(this.request.bands.count * rows);
    const sets: Uint32Array[] = [];
    for (const [i, result] of results.entries()) {
      const print = this.printer.of(result);
      states[i] = result.kind === 'blank' ? blankRow : print ? compared : leftOut;
      if (!print) continue;
      put(hashes, hashesOfRow * i, print);
      sizes[i] = print.set.length;
      sets.push(print.set.slice());
      this.minHash.bandsOf(print.set, bands, i, rows);
    }
    return { states, hashes, sizes, bands, shingles: joined(sets) };
  }
}

function put(into: Uint32Array, from: number, { exact, words, better, worse }: RowPrint): void {
  putHash(into, from, exact);
  putHash(into, from + 2, words);
  if (better) putHash(into, from + 4, better);
  if (worse) putHash(into, from + 6, worse);
}

function putHash(into: Uint32Array, at: number, { high, low }: Hash): void {
  into[at] = high;
  into[at + 1] = low;
}

function joined(sets: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(sets.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const set of sets) {
    all.set(set, at);
    at += set.length;
  }
  return all;
}
