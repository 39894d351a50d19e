import { constant, get, keep, moduleBytes, op, set } from '../wasm/moduleBytes';

/**
 * A WebAssembly module that looks at 16 bytes at a time. JavaScript has no such instructions, and its fastest search
 * byte by byte takes seven times as long. It exports
 *
 *     find(i, end, gap, mask1, value1, mask2, value2)
 *
 * which gives the first offset from `i` on where (byte[i] | mask1) = value1 and (byte[i + gap] | mask2) = value2, or a
 * number that is not less than `end`. It reads up to `gap + 15` bytes behind `end`.
 */
export function scanModule(): Uint8Array<ArrayBuffer> {
  return moduleBytes({ name: 'find', parameters: 7, vectors: 4, numbers: 1, code: find });
}

/** Parameters and local variables by index; those in capitals hold 16 times the same byte. */
const variable = { i: 0, end: 1, gap: 2, mask1: 3, value1: 4, mask2: 5, value2: 6 };
const [MASK1, VALUE1, MASK2, VALUE2, bits] = [7, 8, 9, 10, 11];

const { i, end, gap } = variable;

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
  ...[...get(i), ...constant(16), ...op.add, ...set(i), ...op.again],
  ...[...op.end, ...op.end],
  ...[...get(end), ...op.end],
];

function spread(from: number, to: number): number[] {
  return [...get(from), ...op.splat, ...set(to)];
}
