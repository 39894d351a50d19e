import type { AttentionShape } from '../model/architectures/architecture';
import { must } from '../base/pure/must';
import { f32, type Feeds } from './runtime';

/**
 * A cache grows by this many positions. They are few, because attention also computes with unused positions, and enough
 * for a cache to grow rarely.
 */
const growth = 64;

/** Keys and values of all tokens that the sequences of a batch have read. Runs read its arrays without a copy. */
export class KeyValueCache {
  private readonly layers: readonly LayerCache[];
  private positions: number;

  /** @param positions that each sequence needs at first */
  constructor(
    attention: readonly AttentionShape[],
    private sequences: number,
    positions: number,
  ) {
    this.positions = roundUp(positions);
    this.layers = attention.map((shape) => new LayerCache(shape, sequences, this.positions));
  }

  /** Positions for each sequence, used and free. */
  get capacity(): number {
    return this.positions;
  }

  /** Makes room for this many positions in each sequence. */
  reserve(positions: number): void {
    if (positions <= this.positions) return;
    const grown = roundUp(positions);
    for (const layer of this.layers) layer.grow(this.sequences, this.positions, grown);
    this.positions = grown;
  }

  /**
   * Writes the keys and values of one token.
   *
   * @param position of the token in its sequence
   * @param results of a run: `keys.N` and `values.N` of each layer, [tokens, kvHeads·headDim]
   * @param row the token's row in them
   */
  write(sequence: number, position: number, results: Readonly<Record<string, Float32Array>>, row: number): void {
    for (const layer of this.layers) layer.write(sequence, position, this.positions, results, row);
  }

  /** Drops all sequences but these, given in ascending order, and renumbers them from 0. */
  retain(kept: readonly number[]): void {
    for (const layer of this.layers) layer.retain(kept, this.positions);
    this.sequences = kept.length;
  }

  /** The inputs `past.keys.N` and `past.values.N` of a continuation graph. */
  feeds(): Feeds {
    return Object.fromEntries(this.layers.flatMap((layer) => layer.feeds(this.sequences, this.positions)));
  }
}

/**
 * The cache of one layer: keys [sequences, kvHeads, headDim, capacity], already transposed for the product with the
 * queries, and values [sequences, kvHeads, capacity, headDim].
 */
class LayerCache {
  private keys: Float32Array;
  private values: Float32Array;
  /** Numbers of one token: kvHeads·headDim. */
  private readonly width: number;
  private readonly keysName: string;
  private readonly valuesName: string;

  constructor(
    private readonly shape: AttentionShape,
    sequences: number,
    capacity: number,
  ) {
    this.width = shape.kvHeads * shape.headDim;
    this.keysName = `keys.${shape.layer}`;
    this.valuesName = `values.${shape.layer}`;
    this.keys = new Float32Array(sequences * this.width * capacity);
    this.values = new Float32Array(sequences * this.width * capacity);
  }

  grow(sequences: number, from: number, to: number): void {
    const { kvHeads, headDim } = this.shape;
    this.keys = lengthened(this.keys, sequences * this.width, from, to);
    this.values = lengthened(this.values, sequences * kvHeads, from * headDim, to * headDim);
  }

  write(
    sequence: number,
    position: number,
    capacity: number,
    results: Readonly<Record<string, Float32Array>>,
    row: number,
  ): void {
    const { headDim } = this.shape;
    const { width } = this;
    const from = row * width;
    const keys = must(results[this.keysName], `the output ${this.keysName}`);
    const values = must(results[this.valuesName], `the output ${this.valuesName}`);
    const start = sequence * width * capacity;
    // Each number of a key goes to a place of its own, for each sequence and layer: a callback would take longer than
    // the writing.
    for (let i = 0; i < width; i++) this.keys[start + i * capacity + position] = keys[from + i] ?? Number.NaN;
    for (let head = 0; head < width; head += headDim)
      this.values.set(
        values.subarray(from + head, from + head + headDim),
        start + head * capacity + position * headDim,
      );
  }

  retain(kept: readonly number[], capacity: number): void {
    const size = this.width * capacity;
    for (const data of [this.keys, this.values])
      kept.forEach((sequence, i) => data.copyWithin(i * size, sequence * size, (sequence + 1) * size));
    this.keys = this.keys.subarray(0, kept.length * size);
    this.values = this.values.subarray(0, kept.length * size);
  }

  feeds(sequences: number, capacity: number): [name: string, tensor: Feeds[string]][] {
    const { layer, kvHeads, headDim } = this.shape;
    return [
      [`past.keys.${layer}`, f32(this.keys, [sequences, kvHeads, 1, headDim, capacity])],
      [`past.values.${layer}`, f32(this.values, [sequences, kvHeads, 1, capacity, headDim])],
    ];
  }
}

const roundUp = (positions: number): number => growth * Math.max(1, Math.ceil(positions / growth));

/** Copies `rows` rows of `from` numbers to the start of longer rows of `to` numbers. */
function lengthened(data: Float32Array, rows: number, from: number, to: number): Float32Array {
  const longer = new Float32Array(rows * to);
  for (let row = 0; row < rows; row++) longer.set(data.subarray(row * from, (row + 1) * from), row * to);
  return longer;
}
