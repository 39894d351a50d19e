import { openRegular } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import type { Dtype, ExternalData } from '../graph/tensor';
import { halfToFloat } from './halfFloat';
import { unpack, valuesOf } from './quants';
import type { Checkpoint, Parameter, StoredTensor } from './types';

/**
 * Reads a tensor's values as f32. bf16 and f16 convert exactly; `quants.ts` says how quantised values convert.
 *
 * @throws MarginError `unreadable-file` where the file ends too early, and the file errors of {@link openRegular}
 */
export async function readTensor(tensor: StoredTensor): Promise<Parameter> {
  const { name, shape, dtype, quantised } = tensor;
  const raw = await readBytes(tensor);
  if (!quantised) return { name, shape, data: widen(raw.buffer, dtype) };
  const floats = async (part: StoredTensor): Promise<Float32Array> => new Float32Array((await readBytes(part)).buffer);
  const { scale, minimum } = quantised;
  return {
    name,
    shape,
    data: valuesOf({ q: unpack(raw, dtype), scale: await floats(scale), minimum: minimum && (await floats(minimum)) }),
  };
}

/**
 * Reads a range of a file.
 *
 * @throws MarginError `unreadable-file` where the file ends too early, and the file errors of {@link openRegular}
 */
export async function readBytes({ file, offset, bytes }: ExternalData): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await openRegular(file);
  try {
    const raw = new Uint8Array(bytes);
    // One call reads at most 2 GiB.
    for (let at = 0; at < bytes;) {
      const { bytesRead } = await handle.read(raw, at, Math.min(bytes - at, 2 ** 30), offset + at);
      if (bytesRead === 0) throw new MarginError('unreadable-file', `${file} shrank while it was read`, { file });
      at += bytesRead;
    }
    return raw;
  } finally {
    await handle.close();
  }
}

/** Values in memory at a time when a matrix is processed in pieces: 16 MB of f32. */
const pieceValues = 1 << 22;

/**
 * A tensor as pieces of whole rows, in order. A tensor with fewer than two dimensions is one piece.
 *
 * @returns the number of each piece's first row, and the piece as a tensor of its own
 */
export function rowPieces(tensor: StoredTensor): { readonly first: number; readonly piece: StoredTensor }[] {
  const [rows = 1, ...inner] = tensor.shape.length > 1 ? tensor.shape : [1, ...tensor.shape];
  const step = Math.max(
    1,
    Math.floor(
      pieceValues /
        Math.max(
          1,
          inner.reduce((product, n) => product * n, 1),
        ),
    ),
  );
  return Array.from({ length: Math.ceil(rows / step) }, (_, i) => {
    const [first, count] = [i * step, Math.min(step, rows - i * step)];
    const cut = (part: StoredTensor): StoredTensor => {
      const rowBytes = part.bytes / rows;
      const shape = tensor.shape.length > 1 ? [count, ...part.shape.slice(1)] : part.shape;
      return { ...part, shape, offset: part.offset + first * rowBytes, bytes: count * rowBytes };
    };
    const { quantised } = tensor;
    const parts = quantised && { scale: cut(quantised.scale), minimum: quantised.minimum && cut(quantised.minimum) };
    return { first, piece: { ...cut(tensor), ...(parts ? { quantised: parts } : {}) } };
  });
}

/** Reads every weight of a checkpoint into memory, as full training needs. Errors: those of {@link readTensor}. */
export async function readWeights({ weights }: Checkpoint): Promise<Map<string, Parameter>> {
  const parameters = new Map<string, Parameter>();
  for (const stored of weights.values()) parameters.set(stored.name, await readTensor(stored));
  return parameters;
}

function widen(buffer: ArrayBuffer, dtype: Dtype): Float32Array {
  if (dtype === 'f32') return new Float32Array(buffer);
  const narrow = new Uint16Array(buffer);
  const wide = new Float32Array(narrow.length);
  // Hot loops, in which at() and `from` with a function take at least five times as long. 0x7fff is a NaN in both
  // types.
  if (dtype === 'bf16') {
    const bits = new Uint32Array(wide.buffer);
    for (let i = 0; i < narrow.length; i++) bits[i] = (narrow[i] ?? 0x7fff) << 16;
  } else {
    for (let i = 0; i < narrow.length; i++) wide[i] = halfToFloat(narrow[i] ?? 0x7fff);
  }
  return wide;
}
