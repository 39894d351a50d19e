import type { LayoutChange } from './architectures';

/** How many query heads and key heads a layer has: what rows are permuted by. */
export interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
}

/** A tensor's values as the Hugging Face checkpoint has them, and their shape there. */
export function toCheckpointLayout(
  change: LayoutChange,
  data: Float32Array,
  shape: readonly number[],
  heads: Heads,
): { data: Float32Array; shape: readonly number[] } {
  if (change === 'subtract-one') return { data: data.map((gain) => gain - 1), shape };
  if (change === 'transpose') return transposed(data, shape);
  return { data: reorderRows(change, data, shape[0] ?? 0, heads), shape };
}

/** Turns that leave each row as it is. */
export type RowReorder = Exclude<LayoutChange, 'subtract-one' | 'transpose'>;

export const isRowReorder = (change: LayoutChange): change is RowReorder =>
  change !== 'subtract-one' && change !== 'transpose';

/** Rows of whatever a row is made of, in the checkpoint's order. */
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
 * The other way, for B of a LoRA pair: its rows [out, rank] as the GGUF file has the rows of W [out, in], in an array
 * of their own. GPT-2's transposition says nothing about them, for PEFT keeps B and A as if W were not transposed, and
 * GGUF keeps it so.
 */
export function permuteRows(change: LayoutChange, data: Float32Array, rows: number, heads: Heads): Float32Array {
  const out = data.slice();
  if (!isRowReorder(change)) return out;
  const width = data.length / rows;
  // Where each row of the checkpoint comes from, told by turning the numbers of rows.
  const places = reorderRows(
    change,
    Float32Array.from({ length: rows }, (_, row) => row),
    rows,
    heads,
  );
  places.forEach((place, row) => out.set(data.subarray(row * width, (row + 1) * width), place * width));
  return out;
}

function transposed(
  data: Float32Array,
  [rows = 1, columns = 1]: readonly number[],
): { data: Float32Array; shape: readonly number[] } {
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c] ?? 0;
  return { data: out, shape: [columns, rows] };
}

/** Row i of the result is row `source(i)`. */
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
 * In the file a head's rows are pairs (i, i + d/2) side by side: [heads, d/2, 2] where the checkpoint has [heads, 2,
 * d/2].
 */
function unpermuted(rows: number, heads: number): (row: number) => number {
  const size = rows / heads;
  return (row) => {
    const [head, within] = [Math.floor(row / size), row % size];
    return head * size + (within % (size / 2)) * 2 + Math.floor(within / (size / 2));
  };
}

/** In the file all heads' q lie before all k and all v; the checkpoint has q, k and v head by head. */
function ungrouped(rows: number, heads: number): (row: number) => number {
  const size = rows / heads / 3;
  return (row) => {
    const [head, part, within] = [Math.floor(row / (3 * size)), Math.floor(row / size) % 3, row % size];
    return (part * heads + head) * size + within;
  };
}
