import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { KeyIndex } from '../../pairs/keyIndex';
import type { KeysOfRows } from '../../pairs/keysOfRows';
import type { RewardColumns } from '../rewardColumns/rewardColumns';

/** Pairs between two looks at the clock. */
const slicePairs = 1 << 13;

/** A pair that the file no longer has. */
export const noRow = -1;

/**
 * The row of each scored pair in the file as it is now: where it was when it was scored, as many rows further as the
 * pair before has moved, or else wherever its content is. {@link noRow} if it was edited or deleted.
 */
export async function rowsOfPairs(columns: RewardColumns, rows: KeysOfRows, slices: Breathing): Promise<Int32Array> {
  const [keys, scored] = [await columns.keys(), await columns.column('row')];
  const found = new Int32Array(columns.count).fill(noRow);
  let index: { readonly own: KeyIndex; readonly exchanged: KeyIndex } | null = null;
  let shift = 0;
  for (let place = 0; place < found.length; place++) {
    if (place % slicePairs === 0) await slices.breathe();
    const [key, row] = [keys.numberAt(place), at(scored, place)];
    // Of equal pairs each keeps its own row.
    if (rows.has(row + shift, key)) found[place] = row + shift;
    else if (rows.has(row, key)) found[place] = row;
    else {
      index ??= {
        own: await KeyIndex.of(rows.own.length, (i) => at(rows.own, i), slices),
        exchanged: await KeyIndex.of(rows.exchanged.length, (i) => at(rows.exchanged, i), slices),
      };
      const there = index.own.find(key) ?? index.exchanged.find(key);
      if (there === null) continue;
      found[place] = rows.rowOf(there);
      shift = at(found, place) - row;
    }
  }
  return found;
}
