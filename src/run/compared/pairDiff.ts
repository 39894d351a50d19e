import type { Breathing } from '../../base/pure/breathing';
import { at, must } from '../../base/pure/must';
import { KeyIndex } from '../../pairs/keyIndex';
import type { PairKeys } from '../rewardColumns/pairKeys';
import type { ColumnNumbers, RewardColumns } from '../rewardColumns/rewardColumns';
import type { PairChange } from './types';

/** The pairs that a run scored, in the order of its file. */
export interface RunPairs {
  readonly keys: PairKeys;
  /** The index of each pair's line when the run scored it. */
  readonly rows: ColumnNumbers;
  /** The places of the pairs in the order of their rows. */
  readonly order: Int32Array;
}

/** A pair that only one of two runs has, or one with another content in each. */
export interface ChangedPair {
  readonly change: PairChange;
  /** The place of the pair of the first run; null: added. */
  readonly first: number | null;
  /** The place of the pair of the second run; null: removed. */
  readonly second: number | null;
}

export interface PairDiff {
  /** Pairs with the same content in both runs. */
  readonly same: number;
  /** In the order of the files. */
  readonly changes: readonly ChangedPair[];
}

/** Pairs between two looks at the clock. */
const slicePairs = 1 << 14;

export async function runPairs(columns: RewardColumns): Promise<RunPairs> {
  const [keys, rows] = [await columns.keys(), await columns.column('row')];
  const places = Int32Array.from({ length: columns.count }, (_, place) => place);
  return { keys, rows, order: places.sort((a, b) => at(rows, a) - at(rows, b) || a - b) };
}

/**
 * Which pairs changed between two runs. A pair is known by the key of its content. Pairs that only one run has and that
 * stand between the same two pairs that both have are the same pair with another content, one after the other: an
 * edited pair keeps its place in the file.
 */
export async function pairDiff(first: RunPairs, second: RunPairs, slices: Breathing): Promise<PairDiff> {
  const [inFirst, inSecond] = [await indexOf(first, slices), await indexOf(second, slices)];
  const [removed, added] = [await gapsOf(first, inSecond, slices), await gapsOf(second, inFirst, slices)];
  const changes: ChangedPair[] = [];
  for (const [before, old] of removed) {
    const fresh = added.get(before) ?? [];
    added.delete(before);
    const pairs = Math.min(old.length, fresh.length);
    for (let i = 0; i < pairs; i++) changes.push({ change: 'changed', first: at(old, i), second: at(fresh, i) });
    for (const place of old.slice(pairs)) changes.push({ change: 'removed', first: place, second: null });
    for (const place of fresh.slice(pairs)) changes.push({ change: 'added', first: null, second: place });
  }
  for (const fresh of added.values())
    for (const place of fresh) changes.push({ change: 'added', first: null, second: place });
  const gone = changes.filter(({ first: place }) => place !== null).length;
  const rowOf = (change: ChangedPair): number =>
    change.second === null
      ? at(first.rows, must(change.first, 'the place of a removed pair'))
      : at(second.rows, change.second);
  return { same: first.keys.count - gone, changes: changes.sort((a, b) => rowOf(a) - rowOf(b)) };
}

/** The places of the pairs that the other run lacks, by the pair before them that both have; −1: the start. */
async function gapsOf({ keys, order }: RunPairs, other: KeyIndex, slices: Breathing): Promise<Map<number, number[]>> {
  const gaps = new Map<number, number[]>();
  let before = -1;
  for (const [i, place] of order.entries()) {
    if (i % slicePairs === 0) await slices.breathe();
    const key = keys.numberAt(place);
    if (other.find(key) !== null) before = key;
    else {
      const gap = gaps.get(before) ?? [];
      gap.push(place);
      gaps.set(before, gap);
    }
  }
  return gaps;
}

function indexOf({ keys }: RunPairs, slices: Breathing): Promise<KeyIndex> {
  return KeyIndex.of(keys.count, (place) => keys.numberAt(place), slices);
}
