/**
 * A WebAssembly module that looks at 16 bytes at a time. JavaScript has no such instructions, and its fastest search
 * byte by byte takes seven times as long. The module imports its memory, and exports
 *
 *     find(i, end, gap, mask1, value1, mask2, value2)
 *
 * which gives the first offset from `i` on where (byte[i] | mask1) = value1 and (byte[i + gap] | mask2) = value2, or a
 * number that is not less than `end`. It reads up to `gap + 15` bytes behind `end`.
 *
 * Written in the binary format of the WebAssembly specification 2.0.
 */
export function scanModule(): Uint8Array<ArrayBuffer> {
  const signature = [0x60, ...list(Array.from({ length: 7 }, () => [type.i32])), ...list([[type.i32]])];
  const locals = list([
    [4, type.v128],
    [1, type.i32],
  ]);
  const code = [...locals, ...find];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([signature])),
    ...section(2, list([[...text('scan'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...text('find'), 0, 0]])),
    ...section(10, list([[...number(code.length), ...code]])),
  ]);
}

const type = { i32: 0x7f, v128: 0x7b, none: 0x40 };

/** Parameters and local variables by index; those in capitals hold 16 times the same byte. */
const variable = { i: 0, end: 1, gap: 2, mask1: 3, value1: 4, mask2: 5, value2: 6 };
const [MASK1, VALUE1, MASK2, VALUE2, bits] = [7, 8, 9, 10, 11];

const { i, end, gap } = variable;

/** Instructions; those of 128 bits have a prefix and the alignment and offset of what they load. */
const get = (index: number): number[] => [0x20, index];
const set = (index: number): number[] => [0x21, index];
const keep = (index: number): number[] => [0x22, index];
const op = {
  block: [0x02, type.none],
  loop: [0x03, type.none],
  then: [0x04, type.none],
  end: [0x0b],
  again: [0x0c, 0],
  leaveIf: [0x0d, 1],
  result: [0x0f],
  sixteen: [0x41, 16],
  notLess: [0x4e],
  add: [0x6a],
  trailingZeros: [0x68],
  load: [0xfd, 0, 0, 0],
  splat: [0xfd, 15],
  equal: [0xfd, 35],
  and: [0xfd, 78],
  or: [0xfd, 80],
  bitmask: [0xfd, ...number(100)],
};

const find = [
  ...spread(variable.mask1, MASK1),
  ...spread(variable.value1, VALUE1),
  ...spread(variable.mask2, MASK2),
  ...spread(variable.value2, VALUE2),
  ...[...op.block, ...op.loop],
  ...[...get(i), ...get(end), ...op.notLess, ...op.leaveIf],
  ...[...get(i), ...op.load, ...get(MASK1), ...op.or, ...get(VALUE1), ...op.equal],
  ...[...get(i), ...get(gap), ...op.add, ...op.load, ...get(MASK2), ...op.or, ...get(VALUE2), ...op.equal],
  ...[...op.and, ...op.bitmask, ...keep(bits)],
  ...[...op.then, ...get(i), ...get(bits), ...op.trailingZeros, ...op.add, ...op.result, ...op.end],
  ...[...get(i), ...op.sixteen, ...op.add, ...set(i), ...op.again],
  ...[...op.end, ...op.end],
  ...[...get(end), ...op.end],
];

function spread(from: number, to: number): number[] {
  return [...get(from), ...op.splat, ...set(to)];
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
