import { constant, get, moduleBytes, op, set } from '../wasm/moduleBytes';

/**
 * A WebAssembly module that looks for a byte, 16 at a time. It exports
 *
 *     places(i, end, out, byte)
 *
 * which writes to `out` the offsets from `i` on where `byte` stands, 4 bytes each, and returns the offset after the
 * last of them. It may find some of the 15 bytes behind `end`.
 */
export function newlineModule(): Uint8Array<ArrayBuffer> {
  return moduleBytes({ name: 'places', parameters: 4, vectors: 1, numbers: 1, code: places });
}

/** Parameters and local variables by index; that in capitals holds 16 times the byte. */
const [i, end, out, byte, BYTE, bits] = [0, 1, 2, 3, 4, 5];

const places = [
  ...[...get(byte), ...op.splat, ...set(BYTE)],
  ...[...op.block, ...op.loop],
  ...[...get(i), ...get(end), ...op.notLess, ...op.leaveIf],
  ...[...get(i), ...op.load, ...get(BYTE), ...op.equal, ...op.bitmask, ...set(bits)],
  ...[...op.block, ...op.loop],
  ...[...get(bits), ...op.isZero, ...op.leaveIf],
  ...[...get(out), ...get(i), ...get(bits), ...op.trailingZeros, ...op.add, ...op.store],
  ...[...get(out), ...constant(4), ...op.add, ...set(out)],
  ...[...get(bits), ...constant(1), ...op.subtract, ...get(bits), ...op.bothBits, ...set(bits)],
  ...[...op.again, ...op.end, ...op.end],
  ...[...get(i), ...constant(16), ...op.add, ...set(i), ...op.again],
  ...[...op.end, ...op.end],
  ...[...get(out), ...op.end],
];
