import type { Edit } from '../edits';

/**
 * The edits that delete rows, from the last row up, so that each row has its number until it is deleted. Neighbours are
 * deleted by one edit.
 *
 * @param rows ascending
 */
export function joinedDeletions(rows: readonly { readonly row: number; readonly line: string }[]): readonly Edit[] {
  const runs: { row: number; lines: string[] }[] = [];
  for (const { row, line } of rows) {
    const last = runs.at(-1);
    if (last && last.row + last.lines.length === row) last.lines.push(line);
    else runs.push({ row, lines: [line] });
  }
  return runs.reverse().map((run) => ({ op: 'delete', ...run }));
}
