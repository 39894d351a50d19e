import { at } from '../base/pure/must';
import { type ComparedRows, type RowRange, sameRow } from './comparedRows';
import { uniqueRows } from './uniqueRows';

/** Rows `start … start + count - 1` of a file became `added` other rows. Rows count from 0 in the file before. */
export interface RowHunk {
  readonly start: number;
  readonly count: number;
  readonly added: number;
}

/**
 * At a deeper level, a whole range counts as changed. Each level compares only the rows that the level above did not
 * match.
 */
const maxDepth = 8;
/** Rows between two pauses, well under a millisecond. */
const pauseRows = 1 << 14;

/**
 * The rows that another program changed: a patience diff (Bram Cohen). It takes about 30 bytes for each row between the
 * first and the last that changed. A row that moved counts as removed and added.
 *
 * Two different rows of one length have one checksum in 1 of 4 billion cases.
 *
 * @returns the hunks in ascending order, apart from each other; it pauses often, so that the caller may do other work
 */
export function* diffRows(before: ComparedRows, after: ComparedRows): Generator<void, RowHunk[]> {
  const hunks: RowHunk[] = [];
  const all = { a: 0, aEnd: before.count, b: 0, bEnd: after.count };
  yield* compare(before, after, all, hunks, 0);
  return hunks;
}

function* compare(
  before: ComparedRows,
  after: ComparedRows,
  range: RowRange,
  hunks: RowHunk[],
  depth: number,
): Generator<void, void> {
  const { a, aEnd, b, bEnd } = yield* trimmed(before, after, range);
  const [count, added] = [aEnd - a, bEnd - b];
  if (count === 0 && added === 0) return;
  const rows = Math.min(count, added) === 0 || (count === 1 && added === 1) || depth === maxDepth;
  const anchors = rows ? [] : yield* uniqueRows(before, after, { a, aEnd, b, bEnd });
  if (anchors.length === 0) {
    hunks.push({ start: a, count, added });
    return;
  }
  let [nextA, nextB] = [a, b];
  for (let i = 0; i <= anchors.length; i += 2) {
    const [stopA, stopB] = i < anchors.length ? [at(anchors, i), at(anchors, i + 1)] : [aEnd, bEnd];
    if (stopA > nextA || stopB > nextB) {
      yield* compare(before, after, { a: nextA, aEnd: stopA, b: nextB, bEnd: stopB }, hunks, depth + 1);
    }
    [nextA, nextB] = [stopA + 1, stopB + 1];
    if (i % pauseRows === 0) yield;
  }
}

/** The range without the rows at its start and at its end that are the same on both sides. */
function* trimmed(before: ComparedRows, after: ComparedRows, range: RowRange): Generator<void, RowRange> {
  let { a, aEnd, b, bEnd } = range;
  for (; a < aEnd && b < bEnd && sameRow(before, a, after, b); a++, b++) if (a % pauseRows === 0) yield;
  for (; a < aEnd && b < bEnd && sameRow(before, aEnd - 1, after, bEnd - 1); aEnd--, bEnd--) {
    if (aEnd % pauseRows === 0) yield;
  }
  return { a, aEnd, b, bEnd };
}
