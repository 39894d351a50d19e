import type { RowIdentity } from './rowRewards';

/** The keys of the pairs of rows, as plain data: for a row without pairs there is none, for a list several. */
export interface PackedKeys {
  /** How many keys each row has. */
  readonly counts: Uint8Array<ArrayBuffer>;
  /** `keyNumber`s, those of a row together, in the order of the rows. */
  readonly own: Float64Array<ArrayBuffer>;
  /** Of each the key with exchanged answers; −1 for a pair of a list, whose answers nobody exchanges. */
  readonly exchanged: Float64Array<ArrayBuffer>;
}

/** No key is negative. */
const noKey = -1;

/** @param identities null: the row has nothing to score */
export function packedKeys(identities: readonly (RowIdentity | null)[]): PackedKeys {
  const each = identities.map((identity) => {
    if (identity === null) return [];
    if ('keys' in identity) return identity.keys.map((key) => ({ key, exchanged: noKey }));
    return [{ key: identity.key, exchanged: identity.exchanged }];
  });
  const all = each.flat();
  return {
    counts: Uint8Array.from(each, (keys) => keys.length),
    own: Float64Array.from(all, ({ key }) => key),
    exchanged: Float64Array.from(all, ({ exchanged }) => exchanged),
  };
}

/** The keys of all rows of a file, in the order of the rows. */
export class KeysOfRows {
  /** The place of the first key of each row, and the number of keys after the last row. */
  private readonly first: Int32Array;
  readonly own: Float64Array;
  readonly exchanged: Float64Array;

  constructor(parts: readonly PackedKeys[]) {
    const [rows, keys] = [sum(parts, ({ counts }) => counts.length), sum(parts, ({ own }) => own.length)];
    this.first = new Int32Array(rows + 1);
    this.own = new Float64Array(keys);
    this.exchanged = new Float64Array(keys);
    let [row, key] = [0, 0];
    for (const { counts, own, exchanged } of parts) {
      this.own.set(own, key);
      this.exchanged.set(exchanged, key);
      for (let i = 0; i < counts.length; i++) {
        this.first[row++] = key;
        key += counts[i] as number;
      }
    }
    this.first[row] = key;
  }

  get rows(): number {
    return this.first.length - 1;
  }

  /** Whether a row has a pair with this key, or with this key and exchanged answers. */
  has(row: number, key: number): boolean {
    if (row < 0 || row >= this.rows) return false;
    for (let i = this.first[row] as number; i < (this.first[row + 1] as number); i++)
      if (this.own[i] === key || this.exchanged[i] === key) return true;
    return false;
  }

  /** The row of a key by its place among {@link own}. */
  rowOf(place: number): number {
    let [low, high] = [0, this.rows - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.first[middle] as number) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
