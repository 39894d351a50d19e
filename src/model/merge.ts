import { textName } from './config';
import { loraKey, loraRank, loraScale } from './lora';
import { castFloats } from './castFloats';
import { fileTypes, type Precision } from './precision';
import { readBytes, readTensor, rowPieces } from './readWeights';
import type { WrittenTensor } from './safetensors';
import type { Adapter, Checkpoint, StoredTensor } from './types';

/** A tensor that is made piece by piece as it is written. */
export interface StreamedTensor extends WrittenTensor {
  readonly read: () => AsyncIterable<Uint8Array>;
}

/**
 * The tensors of a checkpoint's files, under the names they have there, with W + s·B·A in place of W for each module
 * that the adapter sits on. Summed in f64, then rounded to what is written; what is no module's goes through as it is.
 *
 * @param stored every tensor of the files, the ones that are no weights of the text model too
 * @param adapter null: nothing is added
 * @param kept null: each tensor's own type, which of quantised ones is f32
 */
export function mergedTensors(
  stored: readonly StoredTensor[],
  checkpoint: Checkpoint,
  adapter: Adapter | null,
  kept: Precision | null,
): StreamedTensor[] {
  return stored.map((tensor) => {
    const written = kept ?? (tensor.dtype === 'f16' || tensor.dtype === 'bf16' ? tensor.dtype : 'f32');
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

/** s·B·A as left·right, in the layout of the file. */
interface Update {
  readonly rank: number;
  /** [rows, rank], with the scale in it. */
  readonly left: Float64Array;
  /** [rank, columns] */
  readonly right: Float32Array;
}

function updateOf(name: string, { model }: Checkpoint, adapter: Adapter | null): Update | null {
  const module = textName(name)?.replace(/\.weight$/, '') ?? '';
  const linear = model.linears.get(module);
  const [a, b] = [
    adapter?.parameters.get(loraKey(module, 'A'))?.data,
    adapter?.parameters.get(loraKey(module, 'B'))?.data,
  ];
  if (!linear || !adapter || !a || !b) return null;
  const [rank, scale] = [loraRank(adapter.settings, module), loraScale(adapter.settings, module)];
  // Conv1D keeps Wᵀ: (B·A)ᵀ = Aᵀ·Bᵀ.
  const [left, right] = linear.transposed ? [transposed(a, rank), transposed(b, linear.outFeatures)] : [b, a];
  return { rank, left: Float64Array.from(left, (value) => value * scale), right };
}

/** Rows of [rows, columns] as columns. */
function transposed(data: Float32Array, rows: number): Float32Array {
  const columns = data.length / rows;
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c] ?? 0;
  return out;
}

function addTo(rows: Float32Array, first: number, { rank, left, right }: Update): void {
  const columns = right.length / rank;
  const sum = new Float64Array(columns);
  for (let at = 0; at < rows.length; at += columns) {
    const row = rows.subarray(at, at + columns);
    const factors = (first + at / columns) * rank;
    sum.set(row);
    for (let k = 0; k < rank; k++) {
      const [factor, from] = [left[factors + k] ?? 0, k * columns];
      for (let c = 0; c < columns; c++) sum[c] = (sum[c] ?? 0) + factor * (right[from + c] ?? 0);
    }
    row.set(sum);
  }
}
