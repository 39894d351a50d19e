import { halfToFloat } from '../halfFloat';
import { valuesOf, type Quants } from '../quants';

/*
 * The tensor types of ggml (`ggml/src/ggml-quants.c`, dequantize_row_*).
 *
 * Each row of a tensor is a sequence of blocks. A block holds `values` numbers in `bytes` bytes. In a quantised type,
 * each group of `size` values shares a scale, and in some types a minimum: value = q·scale + minimum. Product and sum
 * are each rounded to f32, as ggml rounds them.
 *
 * Example: a Q8_0 block has 34 bytes: a scale in f16, then 32 signed bytes. With scale 0.5 and a byte of −3, the value
 * is −1.5.
 */

/** How the values of a quantised block are grouped, and how to read a block. */
export interface Grouping {
  /** Values that share a scale. */
  readonly size: number;
  /** Bits that Margin needs to store a q. A q of 4 bits is signed if the type has no minimum, else unsigned. */
  readonly bits: 4 | 8;
  readonly hasMinimum: boolean;
  /** Unpacks the block that starts at byte `at`, and writes its values to `out` from index `to` on. */
  readonly split: (view: DataView, at: number, out: Quants, to: number) => void;
}

export interface BlockType {
  /** ggml's name: `Q4_K`. */
  readonly name: string;
  /** Numbers in a block. */
  readonly values: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /** The grouping of a quantised type, or a function that reads one number of a float type. */
  readonly read: Grouping | ((view: DataView, at: number) => number);
}

const half = (view: DataView, at: number): number => halfToFloat(view.getUint16(at, true));

/**
 * Reads 32 values from 16 bytes at `at`: the low half of byte j is value j, its high half is value j + 16.
 *
 * @param fifth where the type has 5 bits: the offset of a 32-bit word that holds bit 4 of each value
 */
function nibbles(view: DataView, at: number, fifth: number | null, each: (value: number, i: number) => void): void {
  const bits = fifth === null ? 0 : view.getUint32(fifth, true);
  for (let j = 0; j < 16; j++) {
    const byte = view.getUint8(at + j);
    each((byte & 15) | (((bits >>> j) & 1) << 4), j);
    each((byte >> 4) | (((bits >>> (j + 16)) & 1) << 4), j + 16);
  }
}

/** Q4_0 and Q5_0: value = d·(q − zero). */
const centred = (zero: number, fifth: boolean): Grouping => ({
  size: 32,
  bits: fifth ? 8 : 4,
  hasMinimum: false,
  split(view, at, { q, scale }, to) {
    scale[to / 32] = half(view, at);
    nibbles(view, at + (fifth ? 6 : 2), fifth ? at + 2 : null, (value, i) => (q[to + i] = value - zero));
  },
});

/** Q4_1 and Q5_1: value = d·q + m. */
const based = (fifth: boolean): Grouping => ({
  size: 32,
  bits: fifth ? 8 : 4,
  hasMinimum: true,
  split(view, at, { q, scale, minimum }, to) {
    scale[to / 32] = half(view, at);
    if (minimum) minimum[to / 32] = half(view, at + 2);
    nibbles(view, at + (fifth ? 8 : 4), fifth ? at + 4 : null, (value, i) => (q[to + i] = value));
  },
});

/** Q8_0: value = d·q, with q a signed byte. */
const q8: Grouping = {
  size: 32,
  bits: 8,
  hasMinimum: false,
  split(view, at, { q, scale }, to) {
    scale[to / 32] = half(view, at);
    for (let i = 0; i < 32; i++) q[to + i] = view.getInt8(at + 2 + i);
  },
};

/** Scale and minimum of one of 8 groups, 6 bits each, packed into 12 bytes at `at` (ggml `get_scale_min_k4`). */
function scaleAndMinimum(view: DataView, at: number, group: number): [scale: number, minimum: number] {
  const byte = (i: number): number => view.getUint8(at + i);
  if (group < 4) return [byte(group) & 63, byte(group + 4) & 63];
  return [(byte(group + 4) & 15) | ((byte(group - 4) >> 6) << 4), (byte(group + 4) >> 4) | ((byte(group) >> 6) << 4)];
}

/**
 * Q4_K and Q5_K: 256 values in 8 groups of 32; value = d·scale·q − dmin·minimum.
 *
 * @param fifth Q5_K has 32 more bytes: bit g of byte i is bit 4 of value i in group g
 */
const grouped = (fifth: boolean): Grouping => ({
  size: 32,
  bits: fifth ? 8 : 4,
  hasMinimum: true,
  split(view, at, { q, scale, minimum }, to) {
    const [d, dmin] = [half(view, at), half(view, at + 2)];
    const quants = at + 16 + (fifth ? 32 : 0);
    for (let group = 0; group < 8; group++) {
      const [groupScale, groupMinimum] = scaleAndMinimum(view, at + 4, group);
      scale[to / 32 + group] = d * groupScale;
      if (minimum) minimum[to / 32 + group] = -(dmin * groupMinimum);
      for (let i = 0; i < 32; i++) {
        const byte = view.getUint8(quants + (group >> 1) * 32 + i);
        const high = fifth ? ((view.getUint8(at + 16 + i) >> group) & 1) << 4 : 0;
        q[to + group * 32 + i] = (group % 2 === 0 ? byte & 15 : byte >> 4) | high;
      }
    }
  },
});

/**
 * Q6_K: 256 values of 6 bits in 16 groups of 16; value = d·scale·(q − 32), with the scale a signed byte.
 *
 * Bytes of a block: 0–127 the low 4 bits (`ql`), 128–191 the high 2 bits (`qh`), 192–207 the scales, 208–209 d in f16.
 */
const q6k: Grouping = {
  size: 16,
  bits: 8,
  hasMinimum: false,
  split(view, at, { q, scale }, to) {
    const d = half(view, at + 208);
    for (let group = 0; group < 16; group++) scale[to / 16 + group] = d * view.getInt8(at + 192 + group);
    for (let i = 0; i < 256; i++) {
      const [part, lane, column] = [i >> 7, (i >> 5) & 3, i & 31];
      const byte = view.getUint8(at + part * 64 + (lane % 2) * 32 + column);
      const low = lane < 2 ? byte & 15 : byte >> 4;
      const high = (view.getUint8(at + 128 + part * 32 + column) >> (2 * lane)) & 3;
      q[to + i] = (low | (high << 4)) - 32;
    }
  },
};

const types: readonly (readonly [id: number, BlockType])[] = [
  [0, { name: 'F32', values: 1, bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  [1, { name: 'F16', values: 1, bytes: 2, read: half }],
  [2, { name: 'Q4_0', values: 32, bytes: 18, read: centred(8, false) }],
  [3, { name: 'Q4_1', values: 32, bytes: 20, read: based(false) }],
  [6, { name: 'Q5_0', values: 32, bytes: 22, read: centred(16, true) }],
  [7, { name: 'Q5_1', values: 32, bytes: 24, read: based(true) }],
  [8, { name: 'Q8_0', values: 32, bytes: 34, read: q8 }],
  [12, { name: 'Q4_K', values: 256, bytes: 144, read: grouped(false) }],
  [13, { name: 'Q5_K', values: 256, bytes: 176, read: grouped(true) }],
  [14, { name: 'Q6_K', values: 256, bytes: 210, read: q6k }],
  [30, { name: 'BF16', values: 1, bytes: 2, read: (view, at) => bfloat(view.getUint16(at, true)) }],
];

/** Every type that Margin reads, by its number in the file (`ggml_type`). */
export const blockTypes: ReadonlyMap<number, BlockType> = new Map(types);

const word = new DataView(new ArrayBuffer(4));
function bfloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

/**
 * Unpacks whole blocks of a quantised type.
 *
 * @returns as many q as the blocks hold values, and a scale (and minimum) for each group
 */
export function quantsOf(raw: Uint8Array, { values, bytes }: BlockType, { size, hasMinimum, split }: Grouping): Quants {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const blocks = raw.byteLength / bytes;
  const groups = (blocks * values) / size;
  const out = {
    q: new Int8Array(blocks * values),
    scale: new Float32Array(groups),
    minimum: hasMinimum ? new Float32Array(groups) : null,
  };
  for (let i = 0; i < blocks; i++) split(view, i * bytes, out, i * values);
  return out;
}

/** The values of whole blocks, as f32. */
export function dequantize(raw: Uint8Array, type: BlockType): Float32Array {
  const { read, bytes } = type;
  if (typeof read !== 'function') return valuesOf(quantsOf(raw, type, read));
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Float32Array.from({ length: raw.byteLength / bytes }, (_, i) => read(view, i * bytes));
}
