import { at } from '../../base/pure/must';
import { FirstRows } from './firstRows';
import type { Prints } from './linkRows';
import { compared, hashesOfRow } from './printBatch';

/**
 * Rows that disagree about an answer to the same prompt, by its words.
 *
 * - `contradiction`: two rows have the same answers and prefer different ones.
 * - `both-sides`: an answer is the better one in some rows and the worse one in others, as the middle one of three
 *   ranked answers is.
 */
export interface Dispute {
  readonly kind: 'contradiction' | 'both-sides';
  /** Rows in which the answer is the better one, ascending, from 0 over all files. */
  readonly better: readonly number[];
  /** Rows in which it is the worse one. */
  readonly worse: readonly number[];
}

const [betterAt, worseAt] = [4, 6];

/** A hash of a row: that of its better answer, or that of its worse one. */
type KeyOf = (row: number, side: number) => readonly [number, number];

/** The disputes of all rows, in the order of their first rows. */
export function disputesOf({ rows, states, hashes }: Prints): Dispute[] {
  const key: KeyOf = (row, side) => [at(hashes, hashesOfRow * row + side), at(hashes, hashesOfRow * row + side + 1)];
  const has = (row: number, side: number): boolean =>
    states[row] === compared && (hashes[hashesOfRow * row + side] !== 0 || hashes[hashesOfRow * row + side + 1] !== 0);
  const chosen = new FirstRows(rows);
  for (let row = 0; row < rows; row++) if (has(row, betterAt)) chosen.getOrAdd(...key(row, betterAt), row);
  const found = new Map<number, { better: number[]; worse: number[] }>();
  for (let row = 0; row < rows; row++) {
    const first = has(row, worseAt) ? chosen.get(...key(row, worseAt)) : -1;
    if (first < 0) continue;
    const dispute = found.get(first) ?? { better: [], worse: [] };
    dispute.worse.push(row);
    found.set(first, dispute);
  }
  if (found.size === 0) return [];
  for (let row = 0; row < rows; row++)
    if (has(row, betterAt)) found.get(chosen.get(...key(row, betterAt)))?.better.push(row);
  return told([...found.values()].filter(isBetweenRows), key);
}

/** A row whose answers are the same does not disagree with another. */
function isBetweenRows({ better, worse }: { better: readonly number[]; worse: readonly number[] }): boolean {
  return better.length > 1 || worse.length > 1 || better[0] !== worse[0];
}

/** A contradiction is found twice, once for each of its answers. Keeps one of the two. */
function told(found: readonly Omit<Dispute, 'kind'>[], key: KeyOf): Dispute[] {
  const disputes = new Map<string, Dispute>();
  for (const { better, worse } of found.toSorted((a, b) => at(a.better, 0) - at(b.better, 0))) {
    const others = new Set(worse.map((row) => key(row, betterAt).join()));
    const opposite = better.some((row) => others.has(key(row, worseAt).join()));
    const rows = [...new Set([...better, ...worse])].sort((a, b) => a - b).join();
    const name = opposite ? rows : `${better.join()}/${worse.join()}`;
    if (!disputes.has(name)) disputes.set(name, { kind: opposite ? 'contradiction' : 'both-sides', better, worse });
  }
  return [...disputes.values()].sort((a, b) => firstRow(a) - firstRow(b));
}

function firstRow({ better, worse }: Dispute): number {
  return Math.min(at(better, 0), at(worse, 0));
}
