import { at } from '../../base/pure/must';
import type { ComparedRows } from '../comparedRows';
import { diffRows } from '../rowDiff';
import { inOrder } from '../uniqueRows';
import type { HashedRows } from './hashedRows';
import { changeCode, RowChanges } from './rowChanges';
import { RowLinks } from './rowLinks';

const pauseRows = 1 << 14;

/**
 * Finds which rows of a file were edited, added, moved and lost, by their content. Equal rows belong together: first
 * those in the same order, then those that moved. A row that was edited is found between the same neighbours, else by
 * its answers or its prompt, else only by its neighbours. Rows that are not in the longest common order have moved.
 *
 * Takes some 40 bytes for each row; it pauses often, so that the caller may do other work.
 */
export function* matchRows(before: HashedRows, after: HashedRows): Generator<void, RowChanges> {
  const links = new RowLinks(before, after);
  const same = (of: 'row' | 'prompt' | 'answers', b: number, a: number): boolean =>
    before.hash(of, b) === after.hash(of, a);
  yield* links.outside(yield* diffRows(compared(before), compared(after)));
  yield* links.anywhere('row');
  yield* links.between((b, a) => same('answers', b, a) || same('prompt', b, a));
  yield* links.anywhere('answers');
  yield* links.anywhere('prompt');
  yield* links.between(() => true);
  const { origins } = links;
  const stayed = yield* stayedRows(origins);
  const codes = new Uint8Array(after.count);
  for (let a = 0; a < after.count; a++) {
    const origin = at(origins, a);
    codes[a] = changeCode(origin, origin >= 0 && same('row', origin, a), at(stayed, a) === 0);
    if (a % pauseRows === 0) yield;
  }
  return new RowChanges(origins, codes, links.lost());
}

/** 1 for each row of the longest sequence whose origins are in order. */
function* stayedRows(origins: Int32Array): Generator<void, Uint8Array> {
  const partners = origins.map((origin) => origin + 1);
  const order = yield* inOrder(partners, 0, 0);
  const stayed = new Uint8Array(origins.length);
  for (let i = 0; i < order.length; i += 2) stayed[at(order, i)] = 1;
  return stayed;
}

/** The rows as `diffRows` compares them: the two halves of the hash. */
function compared(rows: HashedRows): ComparedRows {
  return {
    count: rows.count,
    sum: (row) => rows.hash('row', row) % 2 ** 32,
    length: (row) => Math.floor(rows.hash('row', row) / 2 ** 32),
  };
}
