import { copyRows } from '../jsonl/node/copyRows';
import type { Suspect } from '../pairs/suspects/findSuspects';

/** How many rows a file without suspects has, and how many it lacks. */
export interface WithoutSuspects {
  readonly kept: number;
  readonly left: number;
}

/**
 * Writes a file without the rows whose label is probably flipped. Ties, and rows without a verdict, stay. The others
 * keep their bytes.
 *
 * @param total rows of the file
 * @throws MarginError as `copyRows`
 */
export async function writeWithoutFlipped(
  file: string,
  out: string,
  suspects: readonly Suspect[],
  total: number,
  signal: AbortSignal,
): Promise<WithoutSuspects> {
  const flipped = new Set(suspects.filter(({ verdict }) => verdict === 'flipped').map(({ row }) => row));
  await copyRows(file, out, (row) => !flipped.has(row), { rows: total, inputs: [file], signal });
  return { kept: total - flipped.size, left: flipped.size };
}
