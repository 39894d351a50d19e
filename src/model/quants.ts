import { MarginError } from '../base/pure/marginError';
import type { Dtype } from '../graph/tensor';
import type { StoredTensor } from './types';

/*
 * Quantised weights in Margin's own cache, as a .safetensors file has them: NAME holds whole numbers, I8 [rows,
 * columns] or, two of four bits in a byte, U8 [rows, columns/2]; NAME.scale and, for some, NAME.minimum hold f32 [rows,
 * groups]. A value is q·scale + minimum of its group, product and sum each rounded to f32. Four bits are signed where
 * there is no minimum.
 */

/** Whole numbers of a tensor, and what makes values of them; row-major. */
export interface Quants {
  readonly q: Int8Array;
  readonly scale: Float32Array;
  readonly minimum: Float32Array | null;
}

/** Names of a tensor's scales and minimums. */
export const partName = (name: string, part: 'scale' | 'minimum'): string => `${name}.${part}`;

/** The values of quants, whose groups are of one size. */
export function valuesOf({ q, scale, minimum }: Quants): Float32Array {
  const out = new Float32Array(q.length);
  const size = q.length / scale.length;
  for (let group = 0; group < scale.length; group++) {
    const factor = scale[group] ?? 0;
    for (let i = group * size; i < (group + 1) * size; i++) out[i] = factor * (q[i] ?? 0);
    const least = minimum?.[group];
    if (least !== undefined) for (let i = group * size; i < (group + 1) * size; i++) out[i] = (out[i] ?? 0) + least;
  }
  return out;
}

/** Two numbers of four bits a byte, the lower half first. */
export function pack4(q: Int8Array): Uint8Array {
  return Uint8Array.from(
    { length: q.length / 2 },
    (_, i) => ((q[2 * i] ?? 0) & 15) | (((q[2 * i + 1] ?? 0) & 15) << 4),
  );
}

/** What is stored as `dtype`, a number an element. */
export function unpack(raw: Uint8Array, dtype: Dtype): Int8Array {
  if (dtype === 'i8') return new Int8Array(raw.buffer, raw.byteOffset, raw.byteLength);
  const q = new Int8Array(2 * raw.length);
  const sign = dtype === 'i4' ? 8 : 0;
  raw.forEach((byte, i) => {
    q[2 * i] = ((byte & 15) ^ sign) - sign;
    q[2 * i + 1] = ((byte >> 4) ^ sign) - sign;
  });
  return q;
}

/**
 * Joins what belongs together in a file's tensors; all else stays as it is.
 *
 * @throws MarginError `unsupported-dtype` for whole numbers without scales | `bad-safetensors`
 */
export function joinQuants(tensors: readonly StoredTensor[]): StoredTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const isQuant = ({ dtype }: StoredTensor): boolean => dtype === 'i8' || dtype === 'u4';
  const quants = tensors.filter(isQuant);
  const parts = new Set(quants.flatMap(({ name }) => [partName(name, 'scale'), partName(name, 'minimum')]));
  return tensors
    .filter(({ name }) => !parts.has(name))
    .map((tensor) => (isQuant(tensor) ? joined(tensor, byName) : tensor));
}

function joined(tensor: StoredTensor, byName: ReadonlyMap<string, StoredTensor>): StoredTensor {
  const { name, file, shape } = tensor;
  const [scale, minimum = null] = [byName.get(partName(name, 'scale')), byName.get(partName(name, 'minimum'))];
  if (!scale)
    throw new MarginError(
      'unsupported-dtype',
      `${file}: tensor ${name} is ${tensor.dtype === 'u4' ? 'U8' : 'I8'}, without scales; supported are F32, F16, BF16, and quantised weights in .gguf files`,
    );
  const [rows = 0, columns = 0, ...more] = shape;
  const groups = scale.shape[1] ?? 0;
  const fits = (part: StoredTensor | null): boolean =>
    part === null || (part.dtype === 'f32' && part.shape.join() === `${rows},${groups}`);
  if (more.length > 0 || groups === 0 || columns % groups !== 0 || !fits(scale) || !fits(minimum)) {
    throw new MarginError(
      'bad-safetensors',
      `${file}: the scales of ${name} [${shape.join(', ')}] do not fit it. Delete the folder; Margin makes it again from the .gguf file.`,
      { file },
    );
  }
  return {
    ...tensor,
    dtype: tensor.dtype === 'u4' && minimum === null ? 'i4' : tensor.dtype,
    quantised: { scale, minimum },
  };
}
