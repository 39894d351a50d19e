import { at } from '../../base/pure/must';
import { transposeMatrix } from '../transposeMatrix';
import type { LayoutChange } from './architectures';

/** The query heads and key heads of a layer, on which the order of rows depends. */
export interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
}

/**
 * Changes a tensor of the GGUF file into the tensor of the Hugging Face checkpoint.
 *
 * @param data row-major; reordered in place where the change is a reorder
 * @param shape in the file
 * @returns the values and their shape in the checkpoint
 */
export function toCheckpointLayout(
  change: LayoutChange,
  data: Float32Array,
  shape: readonly number[],
  heads: Heads,
): { data: Float32Array; shape: readonly number[] } {
  if (change === 'subtract-one') return { data: data.map((gain) => gain - 1), shape };
  if (change === 'transpose') return transposed(data, shape);
  return { data: reorderRows(change, data, at(shape, 0), heads), shape };
}

/** Changes that move whole rows and leave their content as it is. */
export type RowReorder = Exclude<LayoutChange, 'subtract-one' | 'transpose'>;

/** Whether a change only moves rows. */
export const isRowReorder = (change: LayoutChange): change is RowReorder =>
  change !== 'subtract-one' && change !== 'transpose';

/**
 * Puts rows into the checkpoint's order, in place. A row may be values, 16-bit floats, or bytes of quantised blocks.
 *
 * @param rows how many rows `data` has, of equal length
 */
export function reorderRows<Data extends Float32Array | Uint16Array | Uint8Array>(
  change: RowReorder,
  data: Data,
  rows: number,
  { heads, kvHeads }: Heads,
): Data {
  switch (change) {
    case 'none':
      return data;
    case 'unpermute-q':
      return reordered(data, rows, unpermuted(rows, heads));
    case 'unpermute-k':
      return reordered(data, rows, unpermuted(rows, kvHeads));
    case 'ungroup-qkv':
      return reordered(data, rows, ungrouped(rows, heads));
  }
}

/**
 * Puts the rows of a LoRA matrix B [out, rank] into the order that the rows of W [out, in] have in the GGUF file: the
 * inverse of {@link reorderRows}. GPT-2's transposition does not matter here, because PEFT stores A and B as if W were
 * not transposed, and so does GGUF.
 *
 * @returns a new array
 */
export function permuteRows(change: LayoutChange, data: Float32Array, rows: number, heads: Heads): Float32Array {
  const out = data.slice();
  if (!isRowReorder(change)) return out;
  const width = data.length / rows;
  // After the row numbers are reordered, number i is the row of the file that becomes row i of the checkpoint.
  const sources = reorderRows(
    change,
    Float32Array.from({ length: rows }, (_, row) => row),
    rows,
    heads,
  );
  sources.forEach((source, row) => out.set(data.subarray(row * width, (row + 1) * width), source * width));
  return out;
}

function transposed(data: Float32Array, shape: readonly number[]): { data: Float32Array; shape: readonly number[] } {
  return { data: transposeMatrix(data, at(shape, 0)), shape: shape.toReversed() };
}

/** Row i of the result is row `source(i)` of `data`; in place. */
function reordered<Data extends Float32Array | Uint16Array | Uint8Array>(
  data: Data,
  rows: number,
  source: (row: number) => number,
): Data {
  const width = data.length / rows;
  const before = data.slice();
  for (let row = 0; row < rows; row++)
    data.set(before.subarray(source(row) * width, (source(row) + 1) * width), row * width);
  return data;
}

/**
 * The file has the rows i and i + d/2 of a head next to each other: [heads, d/2, 2], where the checkpoint has [heads,
 * 2, d/2]. For one head with d = 4 the file's rows are 0, 2, 1, 3.
 */
function unpermuted(rows: number, heads: number): (row: number) => number {
  const size = rows / heads;
  return (row) => {
    const [head, within] = [Math.floor(row / size), row % size];
    return head * size + (within % (size / 2)) * 2 + Math.floor(within / (size / 2));
  };
}

/**
 * The file has the q of all heads, then all k, then all v. The checkpoint has q, k and v of head 0, then of head 1, …
 */
function ungrouped(rows: number, heads: number): (row: number) => number {
  const size = rows / heads / 3;
  return (row) => {
    const [head, part, within] = [Math.floor(row / (3 * size)), Math.floor(row / size) % 3, row % size];
    return (part * heads + head) * size + within;
  };
}
