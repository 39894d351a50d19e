import { valueOf } from '../../../base/pure/outcome';
import { MarginError } from '../../../base/pure/marginError';
import type { TimeLimit } from '../../../base/node/timeLimit';
import { type Column, columnReader, type ColumnValue } from '../../../pairs/query/column';
import type { Reading } from '../../../pairs/reading';
import { readRow } from '../../../pairs/readRow';
import { asQueried } from '../search/asQueried';
import { patternLimit } from '../search/patternLimit';

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

/** A pattern ran out of time. */
export interface SlowPattern {
  /** The index of its row among the rows that were asked. */
  readonly index: number;
  readonly message: string;
}

/** Computes columns of rows. It keeps what it has prepared for the columns until it is asked for others. */
export class ColumnReaders {
  private key = '';
  private readers: readonly ((row: ReturnType<typeof asQueried>) => ColumnValue)[] = [];
  private limit: TimeLimit = patternLimit();

  /** @throws a defect; a slow pattern is a result */
  read(texts: readonly string[], columns: readonly Column[], reading: Reading): ColumnValues[] | SlowPattern {
    this.prepare(columns);
    const rows = this.limit.each(texts, (text) => {
      const row = asQueried(text, readRow(text, reading), reading.levels);
      return this.readers.map((read) => read(row));
    });
    const slow = rows.findIndex((row) => 'error' in row && row.error instanceof MarginError);
    const first = rows[slow];
    if (first && 'error' in first && first.error instanceof MarginError)
      return { index: slow, message: first.error.message };
    const values = rows.map(valueOf);
    return columns.map((column, i) =>
      packed(
        column,
        values.map((row) => row[i] ?? null),
      ),
    );
  }

  private prepare(columns: readonly Column[]): void {
    const key = JSON.stringify(columns);
    if (key === this.key) return;
    this.key = key;
    this.readers = columns.map(columnReader);
    // Another pattern gets its own chances.
    this.limit = patternLimit();
  }
}

function packed({ kind }: Column, values: readonly ColumnValue[]): ColumnValues {
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
