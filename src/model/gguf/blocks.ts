import { halfToFloat } from '../halfFloat';

/*
 * ggml's blocks (`ggml/src/ggml-quants.c`, dequantize_row_*): a row is cut into blocks of `values` numbers, each of
 * `bytes`, with a scale (and for some a minimum) of its own in f16. All arithmetic is rounded to f32 as there.
 */

/** Writes the values of one block to `out`. `at` is where the block begins. */
type Unpack = (view: DataView, at: number, out: Float32Array, to: number) => void;

export interface BlockType {
  readonly name: string;
  readonly values: number;
  readonly bytes: number;
  readonly unpack: Unpack;
}

const half = (view: DataView, at: number): number => halfToFloat(view.getUint16(at, true));
const round = Math.fround;

/** 32 values; nibble j is value j, the high one value j + 16. `fifth`: a word with the fifth bit of each, at that place. */
function nibbles(view: DataView, at: number, fifth: number | null, each: (value: number, i: number) => void): void {
  const bits = fifth === null ? 0 : view.getUint32(fifth, true);
  for (let j = 0; j < 16; j++) {
    const byte = view.getUint8(at + j);
    each((byte & 15) | (((bits >>> j) & 1) << 4), j);
    each((byte >> 4) | (((bits >>> (j + 16)) & 1) << 4), j + 16);
  }
}

/** (q − zero)·d */
const centred = (zero: number, fifth: boolean): Unpack => (view, at, out, to) => {
  const d = half(view, at);
  nibbles(view, at + (fifth ? 6 : 2), fifth ? at + 2 : null, (q, i) => (out[to + i] = (q - zero) * d));
};

/** q·d + m */
const based = (fifth: boolean): Unpack => (view, at, out, to) => {
  const [d, m] = [half(view, at), half(view, at + 2)];
  nibbles(view, at + (fifth ? 8 : 4), fifth ? at + 4 : null, (q, i) => (out[to + i] = round(q * d) + m));
};

const q8: Unpack = (view, at, out, to) => {
  const d = half(view, at);
  for (let i = 0; i < 32; i++) out[to + i] = view.getInt8(at + 2 + i) * d;
};

/** Scale and minimum of a group of 32, six bits each, packed into 12 bytes (`get_scale_min_k4`). */
function scaleAndMinimum(view: DataView, at: number, group: number): [scale: number, minimum: number] {
  const byte = (i: number): number => view.getUint8(at + i);
  if (group < 4) return [byte(group) & 63, byte(group + 4) & 63];
  return [(byte(group + 4) & 15) | ((byte(group - 4) >> 6) << 4), (byte(group + 4) >> 4) | ((byte(group) >> 6) << 4)];
}

/** 256 values in eight groups of 32: d·scale·q − dmin·minimum. `fifth`: 32 bytes with a bit of each group's values. */
const grouped = (fifth: boolean): Unpack => (view, at, out, to) => {
  const [d, dmin] = [half(view, at), half(view, at + 2)];
  const quants = at + 16 + (fifth ? 32 : 0);
  for (let group = 0; group < 8; group++) {
    const [scale, minimum] = scaleAndMinimum(view, at + 4, group);
    const [factor, less] = [round(d * scale), round(dmin * minimum)];
    for (let i = 0; i < 32; i++) {
      const byte = view.getUint8(quants + (group >> 1) * 32 + i);
      const high = fifth ? ((view.getUint8(at + 16 + i) >> group) & 1) << 4 : 0;
      const q = (group % 2 === 0 ? byte & 15 : byte >> 4) | high;
      out[to + group * 32 + i] = round(factor * q) - less;
    }
  }
};

/** 256 values: four low bits in `ql`, two high ones in `qh`, a signed scale for each 16. */
const q6k: Unpack = (view, at, out, to) => {
  const d = half(view, at + 208);
  for (let i = 0; i < 256; i++) {
    const [part, lane, column] = [i >> 7, (i >> 5) & 3, i & 31];
    const byte = view.getUint8(at + part * 64 + (lane % 2) * 32 + column);
    const low = lane < 2 ? byte & 15 : byte >> 4;
    const high = (view.getUint8(at + 128 + part * 32 + column) >> (2 * lane)) & 3;
    const scale = view.getInt8(at + 192 + (i >> 4));
    out[to + i] = round(d * scale) * ((low | (high << 4)) - 32);
  }
};

const types: readonly (readonly [id: number, BlockType])[] = [
  [0, { name: 'F32', values: 1, bytes: 4, unpack: (view, at, out, to) => (out[to] = view.getFloat32(at, true)) }],
  [1, { name: 'F16', values: 1, bytes: 2, unpack: (view, at, out, to) => (out[to] = half(view, at)) }],
  [2, { name: 'Q4_0', values: 32, bytes: 18, unpack: centred(8, false) }],
  [3, { name: 'Q4_1', values: 32, bytes: 20, unpack: based(false) }],
  [6, { name: 'Q5_0', values: 32, bytes: 22, unpack: centred(16, true) }],
  [7, { name: 'Q5_1', values: 32, bytes: 24, unpack: based(true) }],
  [8, { name: 'Q8_0', values: 32, bytes: 34, unpack: q8 }],
  [12, { name: 'Q4_K', values: 256, bytes: 144, unpack: grouped(false) }],
  [13, { name: 'Q5_K', values: 256, bytes: 176, unpack: grouped(true) }],
  [14, { name: 'Q6_K', values: 256, bytes: 210, unpack: q6k }],
  [30, { name: 'BF16', values: 1, bytes: 2, unpack: (view, at, out, to) => (out[to] = bfloat(view.getUint16(at, true))) }],
];

/** By ggml's number for the type. */
export const blockTypes: ReadonlyMap<number, BlockType> = new Map(types);

const word = new DataView(new ArrayBuffer(4));
function bfloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

/** The values of whole blocks. */
export function dequantize(raw: Uint8Array, { values, bytes, unpack }: BlockType): Float32Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const blocks = raw.byteLength / bytes;
  const out = new Float32Array(blocks * values);
  for (let i = 0; i < blocks; i++) unpack(view, i * bytes, out, i * values);
  return out;
}
