import { setImmediate as turn } from 'node:timers/promises';
import { at } from '../../../base/pure/must';
import { type Dispute, disputesOf } from '../../../pairs/duplicates/disputes';
import { type Linked, linkRows } from '../../../pairs/duplicates/linkRows';
import { bandsFor } from '../../../pairs/duplicates/minHash';
import { blankRow, leftOut } from '../../../pairs/duplicates/printBatch';
import type { RepeatedPart } from '../../../pairs/duplicates/rowPrint';
import type { Reading } from '../../../pairs/reading';
import { GrowingNumbers } from './growingNumbers';
import { printFile } from './printFile';
import { PrintStore } from './printStore';

export interface DuplicateSearch {
  readonly files: readonly string[];
  readonly reading: Reading;
  readonly part: RepeatedPart;
  /** The least Jaccard similarity of near duplicates, over 0 to 1; 1 finds only rows with equal words. */
  readonly threshold: number;
  /** See `linkRows`; by rows if left out. */
  readonly order?: 'rows' | 'content';
  /** The bundle of `printThread.ts`. */
  readonly script: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DuplicateProgress) => void;
}

/** The rows read so far; then the part of the comparison that is done, from 0 to 1. */
export type DuplicateProgress =
  { readonly kind: 'read'; readonly rows: number } | { readonly kind: 'compared'; readonly share: number };

/** Where a row of one of the files is. */
export interface RowPlace {
  /** The index of the file. */
  readonly file: number;
  /** Index of the row in its file, from 0. */
  readonly row: number;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

export interface FoundDuplicates extends Linked {
  readonly disputes: readonly Dispute[];
  /** For each file: its rows without blank lines, those that were compared, and those without the compared part. */
  readonly counts: readonly { readonly rows: number; readonly compared: number; readonly leftOut: number }[];
  /** The place of a row, which counts from 0 over all files. */
  placeOf(row: number): RowPlace;
  /** The number of the first row of each file, and the number of all rows. */
  readonly starts: readonly number[];
}

/**
 * Finds duplicates in and between files of any size: memory holds some 80 bytes a row, the rest is in a file without a
 * name in the cache folder.
 *
 * @throws MarginError those of `readRows` and of writing; the signal's reason if aborted
 */
export async function findDuplicates(search: DuplicateSearch): Promise<FoundDuplicates> {
  const { part, threshold, order = 'rows', signal, onProgress } = search;
  const bands = bandsFor(threshold);
  const prints = await PrintStore.open(bands.count);
  try {
    const { lines, starts } = await readAll(prints, { part, bands }, search);
    const pause = async (done: number): Promise<void> => {
      onProgress?.({ kind: 'compared', share: done / bands.count });
      await turn();
      signal?.throwIfAborted();
    };
    const linked = await linkRows(prints, { bands, threshold, order, pause });
    const disputes = part === 'pair' ? disputesOf(prints) : [];
    return {
      ...linked,
      disputes,
      starts,
      counts: starts.slice(1).map((end, i) => countsOf(prints.states.subarray(at(starts, i), end))),
      placeOf: (row) => {
        const file = starts.findLastIndex((start) => start <= row);
        return { file, row: row - at(starts, file), line: at(lines, row) };
      },
    };
  } finally {
    await prints.close();
  }
}

async function readAll(
  prints: PrintStore,
  request: Parameters<typeof printFile>[1]['request'],
  { files, reading, script, signal, onProgress }: DuplicateSearch,
): Promise<{ readonly lines: Uint32Array; readonly starts: readonly number[] }> {
  const lines = new GrowingNumbers((length) => new Uint32Array(length));
  const starts = [0];
  for (const file of files) {
    for await (const rows of printFile(file, { reading, request, script, ...(signal && { signal }) })) {
      lines.push(rows.lines);
      await prints.add(rows.batch);
      onProgress?.({ kind: 'read', rows: prints.rows });
    }
    starts.push(prints.rows);
  }
  return { lines: lines.all, starts };
}

function countsOf(states: Uint8Array): FoundDuplicates['counts'][number] {
  let [blank, left] = [0, 0];
  for (const state of states) {
    if (state === blankRow) blank++;
    else if (state === leftOut) left++;
  }
  return { rows: states.length - blank, compared: states.length - blank - left, leftOut: left };
}
