import { constant, get, moduleBytes, op, set } from '../wasm/moduleBytes';

/**
 * A WebAssembly module that looks for a byte, at 64 bytes at a time. It exports
 *
 *     places(i, end, out, byte)
 *
 * which writes the offsets of `byte` from `i` on to `out`, 4 bytes each, and returns the place in `out` after the last
 * of them. It may also find the byte in the 63 bytes behind `end`.
 */
export function newlineModule(): Uint8Array<ArrayBuffer> {
  return moduleBytes({ name: 'places', parameters: 4, vectors: 1, numbers: 2, code: places });
}

/** Parameters and local variables by index; that in capitals holds 16 times the byte. */
const [i, end, out, byte, BYTE, bits, stop] = [0, 1, 2, 3, 4, 5, 6];

/** Whether the byte occurs in one of four neighbouring groups of 16. */
const isNear = [
  ...[0, 16, 32, 48].flatMap((after) => [...get(i), ...op.loadAfter(after), ...get(BYTE), ...op.equal]),
  ...[...op.or, ...op.or, ...op.or, ...op.anyBit],
];

/** Looks at four groups, one after the other. */
const take = [
  ...[...get(i), ...constant(64), ...op.add, ...set(stop)],
  ...[...op.block, ...op.loop],
  ...[...get(i), ...get(stop), ...op.notLess, ...op.leaveIf],
  ...[...get(i), ...op.load, ...get(BYTE), ...op.equal, ...op.bitmask, ...set(bits)],
  ...[...op.block, ...op.loop],
  ...[...get(bits), ...op.isZero, ...op.leaveIf],
  ...[...get(out), ...get(i), ...get(bits), ...op.trailingZeros, ...op.add, ...op.store],
  ...[...get(out), ...constant(4), ...op.add, ...set(out)],
  ...[...get(bits), ...constant(1), ...op.subtract, ...get(bits), ...op.bothBits, ...set(bits)],
  ...[...op.again, ...op.end, ...op.end],
  ...[...get(i), ...constant(16), ...op.add, ...set(i), ...op.again],
  ...[...op.end, ...op.end],
];

const places = [
  ...[...get(byte), ...op.splat, ...set(BYTE)],
  ...[...op.block, ...op.loop],
  ...[...get(i), ...get(end), ...op.notLess, ...op.leaveIf],
  ...[...isNear, ...op.then, ...take],
  ...[...op.otherwise, ...get(i), ...constant(64), ...op.add, ...set(i), ...op.end],
  ...[...op.again, ...op.end, ...op.end],
  ...[...get(out), ...op.end],
];
