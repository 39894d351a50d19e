import { at, must } from '../base/pure/must';
import { textName } from './config';
import { loraKey, loraRank, loraScale } from './lora';
import { castFloats } from './castFloats';
import { fileTypes, type Precision } from './precision';
import { readBytes, readTensor, rowPieces } from './readWeights';
import type { WrittenTensor } from './safetensors';
import { transposeMatrix } from './transposeMatrix';
import type { Adapter, Checkpoint, StoredTensor } from './types';

/** A tensor that is computed in pieces while it is written. */
export interface StreamedTensor extends WrittenTensor {
  readonly read: () => AsyncIterable<Uint8Array>;
}

/**
 * The tensors of a merged model: W + s·B·A for each module that the adapter changes, all others as they are. Names are
 * those of the files. The sum is computed in f64, then rounded to the written type.
 *
 * Shapes: W [out, in], B [out, r], A [r, in], s the module's {@link loraScale}.
 *
 * @param stored every tensor of the files, including those outside the text model
 * @param adapter null: nothing is added
 * @param precision the written type; null: the type of each tensor, and f32 for quantised ones
 */
export function mergedTensors(
  stored: readonly StoredTensor[],
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  precision: Precision | null,
): StreamedTensor[] {
  return stored.map((tensor) => {
    const written = precision ?? (tensor.dtype === 'f16' || tensor.dtype === 'bf16' ? tensor.dtype : 'f32');
    return {
      name: tensor.name,
      type: fileTypes[written],
      shape: tensor.shape,
      read: () => piecesOf(tensor, updateOf(tensor.name, checkpoint, adapter), written),
    };
  });
}

async function* piecesOf(tensor: StoredTensor, update: Update | null, written: Precision): AsyncGenerator<Uint8Array> {
  for (const { first, piece } of rowPieces(tensor)) {
    if (!update && written === tensor.dtype) {
      yield await readBytes(piece);
      continue;
    }
    const { data } = await readTensor(piece);
    if (update) addTo(data, first, update);
    yield castFloats(data, written, tensor.name);
  }
}

/** s·B·A as the product left·right, in the layout of the file. */
interface Update {
  readonly rank: number;
  /** [rows, rank], multiplied by the scale. */
  readonly left: Float64Array;
  /** [rank, columns] */
  readonly right: Float32Array;
}

/** What the adapter adds to the tensor of this name in the files; null: nothing. */
function updateOf(name: string, { model }: Checkpoint, adapter: Adapter | null): Update | null {
  const module = textName(name)?.replace(/\.weight$/, '');
  const linear = module === undefined ? undefined : model.linears.get(module);
  if (!linear || !adapter?.modules.includes(linear.module)) return null;
  const matrix = (which: 'A' | 'B'): Float32Array => {
    const key = loraKey(linear.module, which);
    return must(adapter.parameters.get(key), key).data;
  };
  const [a, b] = [matrix('A'), matrix('B')];
  const [rank, scale] = [loraRank(adapter.settings, linear.module), loraScale(adapter.settings, linear.module)];
  // A transposed layer stores Wᵀ, and (B·A)ᵀ = Aᵀ·Bᵀ.
  const [left, right] = linear.transposed ? [transposeMatrix(a, rank), transposeMatrix(b, linear.outFeatures)] : [b, a];
  return { rank, left: Float64Array.from(left, (value) => value * scale), right };
}

/** Adds the update to whole rows of a tensor, in place. `first` is the number of the first row in the tensor. */
function addTo(rows: Float32Array, first: number, { rank, left, right }: Update): void {
  const columns = right.length / rank;
  const sum = new Float64Array(columns);
  for (let start = 0; start < rows.length; start += columns) {
    const row = rows.subarray(start, start + columns);
    const factors = (first + start / columns) * rank;
    sum.set(row);
    for (let k = 0; k < rank; k++) {
      const [factor, from] = [at(left, factors + k), k * columns];
      // Hot loop, in which at() takes five times as long. A missing value would be a NaN, which is refused when cast.
      for (let c = 0; c < columns; c++) sum[c] = (sum[c] ?? Number.NaN) + factor * (right[from + c] ?? Number.NaN);
    }
    row.set(sum);
  }
}
