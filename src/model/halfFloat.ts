/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const value = new Float32Array(1);
const bits = new Uint32Array(value.buffer);

/** The nearest half, a tie to the even one (IEEE 754), as PyTorch rounds; beyond 65519 an infinity. */
export function floatToHalf(x: number): number {
  value[0] = x;
  const word = bits[0] ?? 0;
  const [sign, magnitude] = [(word >>> 16) & 0x8000, word & 0x7fffffff];
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴. Doubles at 2⁵² have no fraction, so that adding it rounds.
  if (magnitude < 0x38800000) return sign | (Math.abs(value[0] ?? 0) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  // The exponent's bias falls from 127 to 15, and 13 bits of the fraction go.
  return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
}

/** The nearest bfloat16, a tie to the even one: the upper half of an f32. */
export function floatToBfloat(x: number): number {
  value[0] = x;
  const word = bits[0] ?? 0;
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}
