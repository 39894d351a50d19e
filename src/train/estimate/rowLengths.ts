import { pairLengths, rowCounts, attentionSlots, type PairLengths } from '../../engine/packPairs';
import { indexRange, type RowSource } from '../../reward/rowStore';
import type { LoadShape } from './types';

/** Tokens of rows, a column each, so that a million rows are 16 MB. */
export type RowLengths = Readonly<Record<keyof PairLengths, Int32Array>>;

/** Rows read at a time. */
const together = 256;

export async function rowLengths(rows: RowSource): Promise<RowLengths> {
  const column = (): Int32Array => new Int32Array(rows.count);
  const lengths = { prompt: column(), chosen: column(), rejected: column(), common: column() };
  for (let from = 0; from < rows.count; from += together) {
    const read = await rows.read(indexRange(from, Math.min(from + together, rows.count)));
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

/** Tokens of a row's three texts. */
export const ownTokens = ({ prompt, chosen, rejected }: RowLengths, row: number): number =>
  (prompt[row] ?? 0) + (chosen[row] ?? 0) + (rejected[row] ?? 0);

/** Tokens of a pair as the model sees it, in which what both answers begin with stands once. */
export function packedTokens({ prompt, chosen, rejected, common }: RowLengths, row: number): number {
  return rowCounts({
    prompt: prompt[row] ?? 0,
    chosen: chosen[row] ?? 0,
    rejected: rejected[row] ?? 0,
    common: common[row] ?? 0,
  }).total;
}

export function allTokens(lengths: RowLengths): number {
  let sum = 0;
  for (let row = 0; row < lengths.prompt.length; row++) sum += packedTokens(lengths, row);
  return sum;
}

/** Rows as a smaller `max_length` would leave them: answers lose their end, rows whose prompt fills it go. */
export function shortened(
  lengths: RowLengths,
  maxLength: number,
): { readonly lengths: RowLengths; readonly cut: number; readonly leftOut: number } {
  const rows = Array.from(lengths.prompt.keys()).filter((row) => (lengths.prompt[row] ?? 0) < maxLength);
  const answer = (side: Int32Array): Int32Array =>
    Int32Array.from(rows, (row) => Math.min(side[row] ?? 0, maxLength - (lengths.prompt[row] ?? 0)));
  const [chosen, rejected, common] = [answer(lengths.chosen), answer(lengths.rejected), answer(lengths.common)];
  const cut = rows.filter(
    (row, i) => chosen[i] !== lengths.chosen[row] || rejected[i] !== lengths.rejected[row],
  ).length;
  return {
    lengths: { prompt: Int32Array.from(rows, (row) => lengths.prompt[row] ?? 0), chosen, rejected, common },
    cut,
    leftOut: lengths.prompt.length - rows.length,
  };
}

/** Attention is unpadded only outside of itself: it compares all slots of a group with each other. */
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
