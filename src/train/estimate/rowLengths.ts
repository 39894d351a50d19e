import { at } from '../../base/pure/must';
import { pairLengths, rowCounts, attentionSlots, type PairLengths } from '../../engine/packPairs';
import { indexRange, type RowSource } from '../../reward/rowStore';
import type { LoadShape } from './types';

/** Token counts of all rows, a typed array for each part of a row: 16 MB for a million rows. */
export type RowLengths = Readonly<Record<keyof PairLengths, Int32Array>>;

/** Rows that are read at a time. */
const windowRows = 256;

/** Reads the lengths of all rows. */
export async function rowLengths(rows: RowSource): Promise<RowLengths> {
  const column = (): Int32Array => new Int32Array(rows.count);
  const lengths = { prompt: column(), chosen: column(), rejected: column(), common: column() };
  for (let from = 0; from < rows.count; from += windowRows) {
    const read = await rows.read(indexRange(from, Math.min(from + windowRows, rows.count)));
    read.forEach(({ training }, i) => {
      const { prompt, chosen, rejected, common } = pairLengths(training);
      const row = from + i;
      [lengths.prompt[row], lengths.chosen[row], lengths.rejected[row], lengths.common[row]] = [
        prompt,
        chosen,
        rejected,
        common,
      ];
    });
  }
  return lengths;
}

/** Tokens of a row's prompt, chosen and rejected answer together. */
export const ownTokens = ({ prompt, chosen, rejected }: RowLengths, row: number): number =>
  at(prompt, row) + at(chosen, row) + at(rejected, row);

/** Tokens of a packed pair: the start that both answers share counts once. */
export function packedTokens({ prompt, chosen, rejected, common }: RowLengths, row: number): number {
  return rowCounts({
    prompt: at(prompt, row),
    chosen: at(chosen, row),
    rejected: at(rejected, row),
    common: at(common, row),
  }).total;
}

/** Tokens of all packed pairs. */
export function allTokens(lengths: RowLengths): number {
  let sum = 0;
  for (let row = 0; row < lengths.prompt.length; row++) sum += packedTokens(lengths, row);
  return sum;
}

/**
 * Lengths with a smaller `max_length`: answers are cut, and rows whose prompt alone fills it are left out.
 *
 * @returns `cut`: rows with a cut answer
 */
export function shortened(
  lengths: RowLengths,
  maxLength: number,
): { readonly lengths: RowLengths; readonly cut: number; readonly leftOut: number } {
  const rows = Array.from(lengths.prompt.keys()).filter((row) => at(lengths.prompt, row) < maxLength);
  const answer = (side: Int32Array): Int32Array =>
    Int32Array.from(rows, (row) => Math.min(at(side, row), maxLength - at(lengths.prompt, row)));
  const [chosen, rejected, common] = [answer(lengths.chosen), answer(lengths.rejected), answer(lengths.common)];
  const cut = rows.filter(
    (row, i) => chosen[i] !== lengths.chosen[row] || rejected[i] !== lengths.rejected[row],
  ).length;
  return {
    lengths: { prompt: Int32Array.from(rows, (row) => at(lengths.prompt, row)), chosen, rejected, common },
    cut,
    leftOut: lengths.prompt.length - rows.length,
  };
}

/** Tokens and load of a micro-batch. Attention pads: it compares all slots of a group with each other. */
export function batchLoad(
  lengths: RowLengths,
  rows: readonly number[],
  { token, slot }: LoadShape,
): { readonly tokens: number; readonly load: number } {
  const totals = rows.map((row) => packedTokens(lengths, row));
  const tokens = totals.reduce((sum, total) => sum + total, 0);
  const { groups, width } = attentionSlots(totals);
  return { tokens, load: tokens * token + groups * width * width * slot };
}
