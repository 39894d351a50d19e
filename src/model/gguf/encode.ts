import { castFloats } from '../castFloats';
import { floatToHalf } from '../halfFloat';
import { MarginError } from '../../base/pure/marginError';
import type { GgufType } from './write';

/** Values of a Q8_0 block, and its bytes: a scale in f16, then a signed byte for each value (ggml `ggml-common.h`). */
const [blockValues, blockBytes] = [32, 34];
/** The largest magnitude of a quantised value. */
const maxQ = 127;

/**
 * Encodes f32 values in a type of GGUF.
 *
 * @param data whole blocks of the type
 * @param name the tensor's name, for the error
 * @throws MarginError `bad-weight` for a NaN, an infinity, or a value beyond the type's range
 */
export function encode(data: Float32Array, type: GgufType, name: string): Uint8Array {
  switch (type) {
    case 'F32':
      return castFloats(data, 'f32', name);
    case 'F16':
      return castFloats(data, 'f16', name);
    case 'BF16':
      return castFloats(data, 'bf16', name);
    case 'Q8_0':
      return quantizeQ8(data, name);
  }
}

/**
 * Quantises to Q8_0 as ggml does (`ggml/src/ggml-quants.c`, `quantize_row_q8_0_ref`): d is the largest magnitude of a
 * block divided by 127, and q is x·(1/d) rounded to the nearest, halves away from zero. Each operation is rounded to
 * f32. The file stores d in f16.
 *
 * @example
 *   // a block of 1, 0.5, −1, 0, 0, …: d = 1/127, q = 127, 64, −127, 0, 0, …
 */
function quantizeQ8(data: Float32Array, name: string): Uint8Array {
  const blocks = data.length / blockValues;
  const out = new Uint8Array(blocks * blockBytes);
  const view = new DataView(out.buffer);
  for (let block = 0; block < blocks; block++) {
    const values = data.subarray(block * blockValues, (block + 1) * blockValues);
    const d = Math.fround(largest(values, name) / maxQ);
    const inverse = d === 0 ? 0 : Math.fround(1 / d);
    const at = block * blockBytes;
    view.setUint16(at, scaleOf(d, name), true);
    values.forEach((value, i) => view.setInt8(at + 2 + i, rounded(Math.fround(value * inverse))));
  }
  return out;
}

/** To the nearest whole number, halves away from zero (C's `roundf`). */
const rounded = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5);

function largest(values: Float32Array, name: string): number {
  let max = 0;
  for (const value of values) {
    if (!Number.isFinite(value))
      throw new MarginError('bad-weight', `${name} holds ${value}. The file is damaged`, { name });
    max = Math.max(max, Math.abs(value));
  }
  return max;
}

function scaleOf(d: number, name: string): number {
  const half = floatToHalf(d);
  if (half < 0x7c00) return half;
  throw new MarginError('bad-weight', `${name} needs the scale ${d}, which is beyond the range of float16`, { name });
}
