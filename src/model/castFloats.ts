import { MarginError } from '../base/pure/marginError';
import type { Dtype } from '../graph/tensor';
import { floatToBfloat, floatToHalf } from './halfFloat';

/**
 * Values as bytes of a type, little-endian, rounded to the nearest.
 *
 * @param name of the tensor, for the error
 * @throws MarginError `bad-weight` where a value is beyond the type's range, or none
 */
export function castFloats(data: Float32Array, dtype: Dtype, name: string): Uint8Array {
  if (dtype === 'f32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const [round, infinity, type] =
    dtype === 'bf16' ? ([floatToBfloat, 0x7f80, 'bfloat16'] as const) : ([floatToHalf, 0x7c00, 'float16'] as const);
  const halves = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const half = round(data[i] ?? 0);
    if ((half & 0x7fff) >= infinity)
      throw new MarginError(
        'bad-weight',
        `${name} holds ${data[i]}${Number.isFinite(data[i]) ? `, which ${type} cannot; choose another type` : '. The file is damaged'}`,
        { name },
      );
    halves[i] = half;
  }
  return new Uint8Array(halves.buffer);
}
