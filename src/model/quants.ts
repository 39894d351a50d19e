import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { Dtype } from '../graph/tensor';
import type { StoredTensor } from './types';

/*
 * Quantised weights as Margin's cache stores them in a .safetensors file. A matrix NAME [rows, columns] takes up to
 * three tensors:
 *
 * - NAME: whole numbers, I8 [rows, columns], or 4-bit numbers, two in a byte, U8 [rows, columns/2];
 * - NAME.scale: F32 [rows, groups];
 * - NAME.minimum, for some types: F32 [rows, groups].
 *
 * Value = q·scale + minimum, with scale and minimum of the value's group; product and sum are each rounded to f32.
 * 4-bit numbers are signed if there is no minimum.
 */

/** An unpacked quantised tensor, row-major. */
export interface Quants {
  /** One whole number for each value. */
  readonly q: Int8Array;
  /** One scale for each group of values. */
  readonly scale: Float32Array;
  /** One minimum for each group; null: all are 0. */
  readonly minimum: Float32Array | null;
}

/** The names of a tensor's scales and minimums. */
export const partName = (name: string, part: 'scale' | 'minimum'): string => `${name}.${part}`;

/**
 * The values of a quantised tensor, as f32.
 *
 * @example
 *   valuesOf({ q: Int8Array.of(1, -2), scale: Float32Array.of(0.5), minimum: null }); // [0.5, -1]
 */
export function valuesOf({ q, scale, minimum }: Quants): Float32Array {
  const out = new Float32Array(q.length);
  const size = q.length / scale.length;
  for (let group = 0; group < scale.length; group++) {
    const [start, end] = [group * size, (group + 1) * size];
    const factor = at(scale, group);
    // Hot loops, in which at() takes five times as long. A missing value would be a NaN, not a silent 0.
    for (let i = start; i < end; i++) out[i] = factor * (q[i] ?? Number.NaN);
    if (!minimum) continue;
    const least = at(minimum, group);
    for (let i = start; i < end; i++) out[i] = (out[i] ?? Number.NaN) + least;
  }
  return out;
}

/** Packs 4-bit numbers, two in a byte: the first in its low half, the second in its high half. */
export function pack4(q: Int8Array): Uint8Array {
  const packed = new Uint8Array(q.length / 2);
  // Hot loop, in which at() takes five times as long. Both indexes are inside q.
  for (let i = 0; i < packed.length; i++) packed[i] = ((q[2 * i] ?? 0) & 15) | (((q[2 * i + 1] ?? 0) & 15) << 4);
  return packed;
}

/**
 * The whole numbers of a stored tensor.
 *
 * @param dtype `i8`, `u4` or `i4`; of the latter two a byte holds two numbers
 */
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
 * Joins each quantised tensor of a file with its scales and minimums. All other tensors stay as they are.
 *
 * @throws MarginError `unsupported-dtype` for whole numbers without scales | `bad-safetensors` where shapes do not fit
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
      `${file}: tensor ${name} is ${tensor.dtype === 'u4' ? 'U8' : 'I8'} without scales; supported are F32, F16, BF16, and quantised weights in .gguf files`,
    );
  // A tensor with another number of dimensions does not fit, and is refused below.
  const [rows = 0, columns = 0, ...more] = shape;
  const [, groups = 0] = scale.shape;
  const fits = (part: StoredTensor | null): boolean =>
    part === null || (part.dtype === 'f32' && part.shape.join() === `${rows},${groups}`);
  if (more.length > 0 || groups === 0 || columns % groups !== 0 || !fits(scale) || !fits(minimum)) {
    throw new MarginError(
      'bad-safetensors',
      `${file}: the scales of ${name} [${shape.join(', ')}] do not fit it. Delete the folder; Margin converts the .gguf file again.`,
      { file },
    );
  }
  return {
    ...tensor,
    dtype: tensor.dtype === 'u4' && minimum === null ? 'i4' : tensor.dtype,
    quantised: { scale, minimum },
  };
}
