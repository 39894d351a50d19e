/**
 * The value of a half: IEEE 754 binary16, with 1 sign bit, 5 exponent bits (bias 15) and 10 fraction bits.
 *
 * @example
 *   halfToFloat(0x3c00); // 1
 */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of a number as f32. These run once per weight; at() and a DataView take several times as long. */
function floatBits(x: number): number {
  float[0] = x;
  return bits[0] ?? 0;
}

/** The bits of the nearest half, ties to even (IEEE 754), as PyTorch rounds. From 65520 on it is infinity. */
export function floatToHalf(x: number): number {
  const word = floatBits(x);
  const [sign, magnitude] = [(word >>> 16) & 0x8000, word & 0x7fffffff];
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2⁻¹⁴, halves are multiples of 2⁻²⁴. A double near 2⁵² has no fraction bits, so adding 2⁵² rounds.
  if (magnitude < 0x38800000) return sign | (Math.abs(Math.fround(x)) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  // The bias of the exponent changes from 127 to 15, and 13 fraction bits are rounded away.
  return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
}

/** The bits of the nearest bfloat16, ties to even. A bfloat16 is the upper half of an f32. */
export function floatToBfloat(x: number): number {
  const word = floatBits(x);
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}
