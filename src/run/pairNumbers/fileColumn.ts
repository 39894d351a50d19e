import type { Breathing } from '../../base/pure/breathing';
import { at } from '../../base/pure/must';
import { type FileCounts, type FileNumber, fileValues } from '../../pairs/fileNumber';
import { noRow } from './rowsOfPairs';

/** A column of the dataset for the pairs of a file of rewards. */
export interface FileColumn {
  /** Of each pair; NaN where it has no number. */
  readonly values: Float64Array;
  readonly counts: FileCounts;
}

/** Reads columns of the dataset. Errors of reading it, and of a person who stops that. */
export type FileColumns = (name: FileNumber) => Promise<FileColumn>;

/** What rows have in a column: numbers, and indexes into {@link fileValues}. */
interface RowNumbers {
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
}

const slicePairs = 1 << 15;

/** @param rows of each pair its row; {@link noRow} if the dataset no longer has it */
export async function fileColumnOf(
  { values, kinds }: RowNumbers,
  rows: Int32Array,
  slices: Breathing,
): Promise<FileColumn> {
  const ofPairs = new Float64Array(rows.length).fill(Number.NaN);
  const byKind = new Uint32Array(fileValues.length);
  let gone = 0;
  for (let place = 0; place < rows.length; place++) {
    if (place % slicePairs === 0) await slices.breathe();
    const row = rows[place] as number;
    if (row === noRow) {
      gone++;
      continue;
    }
    ofPairs[place] = values[row] as number;
    const kind = kinds[row] as number;
    byKind[kind] = (byKind[kind] as number) + 1;
  }
  const [numbers, empty, other] = [at(byKind, 0), at(byKind, 1), at(byKind, 2)];
  return { values: ofPairs, counts: { numbers, empty, other, gone } };
}
