import { disputesOf } from '../../../../src/pairs/duplicates/disputes';
import { groupsOf } from '../../../../src/pairs/duplicates/groups';
import { type Linked, linkRows, type Prints } from '../../../../src/pairs/duplicates/linkRows';
import { bandsFor } from '../../../../src/pairs/duplicates/minHash';
import { BatchPrinter } from '../../../../src/pairs/duplicates/printBatch';
import type { RepeatedPart } from '../../../../src/pairs/duplicates/rowPrint';
import { detectAll } from '../../../../src/pairs/reading';
import { readPair } from '../../../../src/pairs/readPair';

/** The prints of rows, in memory. */
function printsOf(rows: readonly object[], part: RepeatedPart = 'pair', threshold = 0.8): Prints {
  const bands = bandsFor(threshold);
  const batch = new BatchPrinter({ part, bands }).print(rows.map((row) => readPair(JSON.stringify(row), detectAll)));
  const starts = [0];
  for (const size of batch.sizes) starts.push((starts.at(-1) ?? 0) + size);
  return {
    rows: rows.length,
    ...batch,
    band: (band) => Promise.resolve(batch.bands.slice(band * rows.length, (band + 1) * rows.length)),
    set: (row) => batch.shingles.subarray(starts[row], starts[row + 1]),
  };
}

export function linked(rows: readonly object[], part: RepeatedPart = 'pair', threshold = 0.8): Promise<Linked> {
  return linkRows(printsOf(rows, part, threshold), { bands: bandsFor(threshold), threshold, order: 'rows' });
}

/** The groups as `near 0,3,7`. */
export async function groupNames(
  rows: readonly object[],
  part: RepeatedPart = 'pair',
  threshold = 0.8,
): Promise<string[]> {
  const { links } = await linked(rows, part, threshold);
  return groupsOf(links).map((group) => `${group.kind} ${group.rows.map(({ row }) => row).join()}`);
}

/** The disputes as `contradiction 0/3`. */
export function disputeNames(rows: readonly object[]): string[] {
  return disputesOf(printsOf(rows)).map(({ kind, better, worse }) => `${kind} ${better.join()}/${worse.join()}`);
}
