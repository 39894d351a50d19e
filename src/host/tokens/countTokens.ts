import type { LinesDocument } from '../../jsonl/node/document';
import { cutColumn, droppedColumn } from '../../pairs/query/tokenColumns';
import { type DropReason, dropReasons } from '../../pairs/tokens/rowTokens';
import type { TokenCounts } from '../../protocol/tokens';
import type { RowColumns } from '../../editor/rowColumns';
import { Slices } from '../../editor/slices';

/** Rows that are looked at together. */
const pageRows = 1 << 12;
const needed = [cutColumn, droppedColumn];

/**
 * Counts the rows of a document that a trainer would cut or leave out. Rows whose tokens are known are not tokenised
 * again; rows that are edited meanwhile are.
 *
 * @param progress gets the share of rows that are tokenised
 * @throws the signal's reason when aborted, and errors of {@link RowColumns.compute}
 */
export async function countTokens(
  lines: LinesDocument,
  columns: RowColumns,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<TokenCounts> {
  await lines.whenIndexed();
  const slices = new Slices(signal);
  for (;;) {
    for (let from = 0; from < lines.rowCount;) {
      await slices.breathe();
      const count = Math.min(pageRows, lines.rowCount - from);
      from += await columns.compute(
        Array.from({ length: count }, (_, i) => from + i),
        needed,
      );
      progress(from / lines.rowCount);
    }
    const counts = await counted(lines, columns, slices);
    if (counts) return counts;
  }
}

/** @returns null if a row is not known, because it was edited */
async function counted(lines: LinesDocument, columns: RowColumns, slices: Slices): Promise<TokenCounts | null> {
  const dropped = new Map<DropReason, number>();
  let cut = 0;
  const { revision, rowCount } = lines;
  for (let row = 0; row < rowCount; row++) {
    if (row % pageRows === 0) await slices.breathe();
    if (lines.revision !== revision) return null;
    columns.use(needed);
    const isCut = columns.get(cutColumn).labels(row);
    const why = columns.get(droppedColumn).labels(row);
    if (!isCut || !why) return null;
    if (isCut.includes('yes')) cut++;
    const reason = dropReasons.find((one) => why.includes(one));
    if (reason) dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  }
  return { rows: rowCount, cut, dropped: [...dropped].sort(([, a], [, b]) => b - a) };
}
