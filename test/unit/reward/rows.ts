import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import {
  indexRange,
  type LoadedRow,
  type RowStore,
  type RowSource,
  RowWriter,
  type StoredRow,
} from '../../../src/reward/rowStore';

export const all = (rows: RowSource): Promise<readonly LoadedRow[]> => rows.read(indexRange(0, rows.count));

/** Some of the rows, in any order. */
export function pick(rows: RowSource, indices: readonly number[]): RowSource {
  return { count: indices.length, read: (wanted) => rows.read(wanted.map((i) => indices[i] ?? -1)) };
}

/** The rows from `from` to `to` − 1. */
export const part = (rows: RowSource, from: number, to: number): RowSource => pick(rows, indexRange(from, to));

/** A store of these rows, which is closed at the end of the test. */
export async function stored(rows: Iterable<StoredRow>): Promise<RowStore> {
  const writer = await RowWriter.open(tmpdir());
  for (const row of rows) await writer.append(row);
  const store = await writer.finish();
  onTestFinished(() => store.close());
  return store;
}
