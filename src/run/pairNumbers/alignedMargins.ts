import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { KeyIndex } from '../../pairs/keyIndex';
import type { RewardColumns } from '../rewardColumns/rewardColumns';

/** Pairs between two looks at the clock. */
const slicePairs = 1 << 14;

/** The margins in a file of rewards of the pairs of another one, in their order; NaN for pairs that it lacks. */
export async function alignedMargins(
  of: RewardColumns,
  margins: RewardColumns,
  slices: Breathing,
): Promise<Float64Array> {
  const values = await margins.column('margin');
  // A run scores the same pairs in the same order.
  if ((await of.keyDigest()) === (await margins.keyDigest()) && values instanceof Float64Array) return values;
  const [own, keys] = [await of.keys(), await margins.keys()];
  const found = new Float64Array(of.count).fill(Number.NaN);
  let index: KeyIndex | null = null;
  for (let place = 0; place < of.count; place++) {
    if (place % slicePairs === 0) await slices.breathe();
    const key = own.numberAt(place);
    // Few pairs may have been added or removed.
    const isSame = place < margins.count && keys.numberAt(place) === key;
    if (!isSame) index ??= await indexOf(margins, slices);
    const there = isSame ? place : index?.find(key);
    if (there !== null && there !== undefined) found[place] = at(values, there);
  }
  return found;
}

/** Finds the pairs of a file of rewards by their `keyNumber`. */
export async function indexOf(columns: RewardColumns, slices: Breathing): Promise<KeyIndex> {
  const keys = await columns.keys();
  return KeyIndex.of(keys.count, (place) => keys.numberAt(place), slices);
}
