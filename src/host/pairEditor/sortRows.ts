import { at } from '../../base/pure/must';
import type { Slices } from './slices';

/** Rows sorted between two turns of the event loop; so many take some milliseconds. */
const chunk = 8192;

/** Sorts rows by value, then by row, with a bottom-up merge sort in slices. Reuses `rows` for its work. */
export async function sortRows(rows: Int32Array, value: (row: number) => number, slices: Slices): Promise<Int32Array> {
  const before = (a: number, b: number): number => value(a) - value(b) || a - b;
  for (let from = 0; from < rows.length; from += chunk) {
    rows.subarray(from, from + chunk).sort(before);
    await slices.breathe();
  }
  let source = rows;
  let target: Int32Array = new Int32Array(rows.length);
  for (let width = chunk; width < rows.length; width *= 2) {
    for (let from = 0; from < rows.length; from += 2 * width) await merge(source, target, from, width, before, slices);
    [source, target] = [target, source];
  }
  return source;
}

async function merge(
  source: Int32Array,
  target: Int32Array,
  from: number,
  width: number,
  before: (a: number, b: number) => number,
  slices: Slices,
): Promise<void> {
  const middle = Math.min(from + width, source.length);
  const end = Math.min(from + 2 * width, source.length);
  let [left, right] = [from, middle];
  for (let to = from; to < end; to++) {
    if (to % chunk === 0) await slices.breathe();
    const fromLeft = left < middle && (right >= end || before(at(source, left), at(source, right)) <= 0);
    target[to] = at(source, fromLeft ? left++ : right++);
  }
}
