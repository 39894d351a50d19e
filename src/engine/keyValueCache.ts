import type { AttentionShape } from '../model/architectures/architecture';
import { f32, type Feeds } from './runtime';

/** Places by which a cache grows: few, so that hardly any are computed with in vain; enough that growing is rare. */
const growth = 64;

/** Keys and values of every token that the sequences of a batch have seen. Runs read them where they lie. */
export class KeyValueCache {
  private readonly layers: readonly LayerCache[];
  private capacity: number;

  /** @param places that each sequence needs at first */
  constructor(
    attention: readonly AttentionShape[],
    private sequences: number,
    places: number,
  ) {
    this.capacity = roundUp(places);
    this.layers = attention.map((shape) => new LayerCache(shape, sequences, this.capacity));
  }

  /** Places of each sequence, those that are still free included. */
  get places(): number {
    return this.capacity;
  }

  reserve(places: number): void {
    if (places <= this.capacity) return;
    const capacity = roundUp(places);
    for (const layer of this.layers) layer.widen(this.sequences, this.capacity, capacity);
    this.capacity = capacity;
  }

  /**
   * Takes over a token.
   *
   * @param results of a run: `keys.N` and `values.N` of each layer, [tokens, kvHeads·headDim]
   * @param row the token's row there
   */
  write(sequence: number, place: number, results: Readonly<Record<string, Float32Array>>, row: number): void {
    for (const layer of this.layers) layer.write(sequence, place, this.capacity, results, row);
  }

  /** Lets go of all sequences but these, given in rising order, which move up. */
  retain(kept: readonly number[]): void {
    for (const layer of this.layers) layer.retain(kept, this.capacity);
    this.sequences = kept.length;
  }

  feeds(): Feeds {
    return Object.assign({}, ...this.layers.map((layer) => layer.feeds(this.sequences, this.capacity))) as Feeds;
  }
}

/**
 * Keys [sequences, kvHeads, headDim, capacity], as the product with queries wants them, and values [sequences, kvHeads,
 * capacity, headDim].
 */
class LayerCache {
  private keys: Float32Array;
  private values: Float32Array;
  private readonly width: number;

  constructor(
    private readonly shape: AttentionShape,
    sequences: number,
    capacity: number,
  ) {
    this.width = shape.kvHeads * shape.headDim;
    this.keys = new Float32Array(sequences * this.width * capacity);
    this.values = new Float32Array(sequences * this.width * capacity);
  }

  widen(sequences: number, from: number, to: number): void {
    const { kvHeads, headDim } = this.shape;
    this.keys = widened(this.keys, sequences * this.width, from, to);
    this.values = widened(this.values, sequences * kvHeads, from * headDim, to * headDim);
  }

  write(
    sequence: number,
    place: number,
    capacity: number,
    results: Readonly<Record<string, Float32Array>>,
    row: number,
  ): void {
    const { layer, headDim } = this.shape;
    const token = (kind: 'keys' | 'values'): Float32Array =>
      (results[`${kind}.${layer}`] ?? new Float32Array()).subarray(row * this.width, (row + 1) * this.width);
    const [keys, values] = [token('keys'), token('values')];
    const start = sequence * this.width * capacity;
    keys.forEach((key, i) => (this.keys[start + i * capacity + place] = key));
    for (let at = 0; at < this.width; at += headDim)
      this.values.set(values.subarray(at, at + headDim), start + at * capacity + place * headDim);
  }

  retain(kept: readonly number[], capacity: number): void {
    const size = this.width * capacity;
    for (const data of [this.keys, this.values])
      kept.forEach((sequence, i) => data.copyWithin(i * size, sequence * size, (sequence + 1) * size));
    this.keys = this.keys.subarray(0, kept.length * size);
    this.values = this.values.subarray(0, kept.length * size);
  }

  feeds(sequences: number, capacity: number): Feeds {
    const { layer, kvHeads, headDim } = this.shape;
    return {
      [`past.keys.${layer}`]: f32(this.keys, [sequences, kvHeads, 1, headDim, capacity]),
      [`past.values.${layer}`]: f32(this.values, [sequences, kvHeads, 1, capacity, headDim]),
    };
  }
}

const roundUp = (places: number): number => growth * Math.max(1, Math.ceil(places / growth));

/** Each of `rows` rows of `from` numbers at the beginning of a row of `to`. */
function widened(data: Float32Array, rows: number, from: number, to: number): Float32Array {
  const wide = new Float32Array(rows * to);
  for (let row = 0; row < rows; row++) wide.set(data.subarray(row * from, (row + 1) * from), row * to);
  return wide;
}
