import { at, must } from '../../../base/pure/must';
import type { WordFinder } from './wordFinder';

/** Where rows are in a file: row `i` begins at `starts[i]` and has `lengths[i]` bytes. */
export interface RowSpans {
  readonly starts: Float64Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

/**
 * The rows that have all the words, as indexes into `spans`, ascending.
 *
 * @param bytes those of the rows, and between them; the first one is at `offset` in the file
 * @param finders one or more
 */
export function matchRows(bytes: Buffer, offset: number, spans: RowSpans, finders: readonly WordFinder[]): number[] {
  const [most, ...others] = [...finders].sort((a, b) => b.certain - a.certain);
  const first = must(most, 'a word');
  const { starts, lengths } = spans;
  const rows: number[] = [];
  if (first.certain === 0) {
    for (let row = 0; row < starts.length; row++) {
      const start = at(starts, row) - offset;
      const bytesOfRow = bytes.subarray(start, start + at(lengths, row));
      if (finders.every((finder) => finder.has(bytesOfRow))) rows.push(row);
    }
    return rows;
  }
  const next = first.places(bytes);
  for (let [row, place] = [0, next(0)]; place < bytes.length;) {
    row = rowAt(starts, offset + place, row);
    const start = at(starts, row) - offset;
    const end = start + at(lengths, row);
    if (place < start || place >= end || !first.isAt(place, bytes, start, end)) {
      place = next(place + 1);
      continue;
    }
    if (others.every((other) => other.has(bytes.subarray(start, end)))) rows.push(row);
    if (++row === starts.length) break;
    place = next(end);
  }
  return rows;
}

/** The last row from `from` on that starts at an offset or before; `from` if it starts later. Hits are often near. */
function rowAt(starts: Float64Array, offset: number, from: number): number {
  let step = 1;
  let low = from;
  while (low + step < starts.length && at(starts, low + step) <= offset) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, starts.length);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(starts, middle) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
