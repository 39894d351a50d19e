import { keyNumber } from '../../pairs/keyNumber';
import type { RowScan } from '../../editor/rowScan';
import { Slices } from '../../editor/slices';

/** Rows that are looked at between two looks at the clock. */
const sliceRows = 1 << 12;

/** A pair, and the row in which it was found. */
export interface PlacedPair {
  readonly row: number;
  readonly key: string;
}

/**
 * The rows that hold pairs now, in the order of the pairs. Rows may have moved since; a pair that is gone has no row.
 * Each row is given once.
 */
export async function rowsOfPairs(
  pairs: readonly PlacedPair[],
  scan: Pick<RowScan, 'identityAt'>,
  rowCount: number,
): Promise<readonly number[]> {
  const keyAt = (row: number): number | null => {
    const identity = scan.identityAt(row);
    return identity === null || 'keys' in identity ? null : identity.key;
  };
  const slices = new Slices();
  const moved = new Map<number, number>();
  if (pairs.some(({ row, key }) => keyAt(row) !== keyNumber(key)))
    for (let row = 0; row < rowCount; row++) {
      if (row % sliceRows === 0) await slices.breathe();
      const key = keyAt(row);
      if (key !== null && !moved.has(key)) moved.set(key, row);
    }
  const found = pairs.flatMap(({ row, key }) => {
    const number = keyNumber(key);
    return keyAt(row) === number ? row : (moved.get(number) ?? []);
  });
  return [...new Set(found)];
}
