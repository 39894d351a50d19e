import { at } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';

export interface PlainRow {
  readonly prompt: readonly { readonly role: string; readonly content: string }[];
  readonly chosen: PlainRow['prompt'];
  readonly rejected: PlainRow['prompt'];
}

/** `uniform`: any rows. `structured`: only rows whose rejected answer is the longer one, as a careless judge flips. */
export type Planting = 'uniform' | 'structured';

/**
 * Swaps the answers of a share of the rows.
 *
 * @returns the rows, and [rows] 1 for each that was swapped. `structured` plants fewer if too few rows are eligible
 */
export function plantFlips(
  rows: readonly PlainRow[],
  { rate, seed, planting }: { readonly rate: number; readonly seed: number; readonly planting: Planting },
): { readonly rows: readonly PlainRow[]; readonly planted: Uint8Array } {
  const random = seededRandom(seed);
  const eligible = [...rows.keys()].filter((row) => planting === 'uniform' || isLongerRejected(at(rows, row)));
  // The shuffle of Fisher and Yates, only as far as rows are needed.
  const count = Math.min(eligible.length, Math.round(rate * rows.length));
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (eligible.length - i));
    [eligible[i], eligible[j]] = [at(eligible, j), at(eligible, i)];
  }
  const planted = new Uint8Array(rows.length);
  for (const row of eligible.slice(0, count)) planted[row] = 1;
  return {
    rows: rows.map((row, i) => (planted[i] === 1 ? { ...row, chosen: row.rejected, rejected: row.chosen } : row)),
    planted,
  };
}

function isLongerRejected({ chosen, rejected }: PlainRow): boolean {
  return length(rejected) > length(chosen);
}

function length(messages: PlainRow['prompt']): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0);
}
