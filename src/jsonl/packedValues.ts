import type { Column, ColumnValue } from '../pairs/query/column';

/** The values of a column in some rows, in the order of the rows. */
export type ColumnValues =
  /** NaN: the row has no such number. */
  | { readonly kind: 'number'; readonly values: Float64Array<ArrayBuffer> }
  /** Indexes into `lists`. */
  | {
      readonly kind: 'labels';
      readonly values: Int32Array<ArrayBuffer>;
      readonly lists: readonly (readonly string[])[];
    }
  /** 1: met, 0: not met. */
  | { readonly kind: 'match'; readonly values: Uint8Array<ArrayBuffer> };

/** Packs the values of a column. */
export function packedValues({ kind }: Column, values: readonly ColumnValue[]): ColumnValues {
  switch (kind) {
    case 'number':
      return { kind, values: Float64Array.from(values, (value) => (Number.isFinite(value) ? Number(value) : NaN)) };
    case 'match':
      return { kind, values: Uint8Array.from(values, (value) => (value === true ? 1 : 0)) };
    case 'labels':
      return packedLabels(values);
  }
}

function packedLabels(values: readonly ColumnValue[]): ColumnValues {
  const places = new Map<string, number>();
  const lists: string[][] = [];
  const codes = Int32Array.from(values, (value) => {
    const list = Array.isArray(value) ? (value as string[]) : [];
    const key = JSON.stringify(list);
    const place = places.get(key);
    if (place !== undefined) return place;
    places.set(key, lists.length);
    return lists.push(list) - 1;
  });
  return { kind: 'labels', values: codes, lists };
}
