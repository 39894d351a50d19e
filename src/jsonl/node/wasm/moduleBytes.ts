/** WebAssembly in its binary format (specification 2.0), as far as Margin uses it: functions of 32-bit numbers. */

/** Types of values, and of a block without a result. */
const type = { i32: 0x7f, v128: 0x7b, none: 0x40 };

/** Reads a parameter or local variable, by its index. */
export const get = (index: number): number[] => [0x20, index];
/** Writes a variable; see {@link get}. */
export const set = (index: number): number[] => [0x21, index];
/** Writes a variable and leaves the value as an operand; see {@link get}. */
export const keep = (index: number): number[] => [0x22, index];

/** Instructions; those of 128 bits have a prefix, and the alignment and offset of what they load. */
export const op = {
  block: [0x02, type.none],
  loop: [0x03, type.none],
  then: [0x04, type.none],
  otherwise: [0x05],
  end: [0x0b],
  again: [0x0c, 0],
  leaveIf: [0x0d, 1],
  result: [0x0f],
  isZero: [0x45],
  notLess: [0x4e],
  add: [0x6a],
  subtract: [0x6b],
  bothBits: [0x71],
  trailingZeros: [0x68],
  store: [0x36, 2, 0],
  load: [0xfd, 0, 0, 0],
  /** Loads 16 bytes from a few bytes after the address. */
  loadAfter: (bytes: number): number[] => [0xfd, 0, 0, bytes],
  splat: [0xfd, 15],
  equal: [0xfd, 35],
  and: [0xfd, 78],
  or: [0xfd, 80],
  anyBit: [0xfd, 83],
  bitmask: [0xfd, ...number(100)],
};

/** A number as an operand, from 0 to 8191: LEB128 with a sign. */
export const constant = (value: number): number[] =>
  value < 64 ? [0x41, value] : [0x41, (value & 0x7f) | 0x80, value >> 7];

/** A function that takes numbers and returns one. */
export interface WasmFunction {
  /** Under which name it is exported. */
  readonly name: string;
  readonly parameters: number;
  /** Local variables after the parameters: first those of 128 bits, then the numbers. */
  readonly vectors: number;
  readonly numbers: number;
  readonly code: readonly number[];
}

/** A module with one function that works on the memory `scan.memory`, which it imports. */
export function moduleBytes({ name, parameters, vectors, numbers, code }: WasmFunction): Uint8Array<ArrayBuffer> {
  const signature = [0x60, ...list(Array.from({ length: parameters }, () => [type.i32])), ...list([[type.i32]])];
  const locals = list([
    [vectors, type.v128],
    [numbers, type.i32],
  ]);
  const body = [...locals, ...code];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([signature])),
    ...section(2, list([[...text('scan'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...text(name), 0, 0]])),
    ...section(10, list([[...number(body.length), ...body]])),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...number(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...number(items.length), ...items.flat()];
}

function text(ascii: string): number[] {
  return list(Array.from(ascii, (character) => [character.charCodeAt(0)]));
}

/** A number in LEB128, seven bits a byte. */
function number(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)];
}
