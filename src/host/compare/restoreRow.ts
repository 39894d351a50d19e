import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import type { LinesDocument } from '../../jsonl/node/document';
import { oneLine } from '../../jsonl/node/decode/saveLines';
import type { Edit } from '../../pairs/edits';
import type { Restored } from '../../protocol/comparison';
import type { RowComparison } from './rowComparison';

/** The edits that restore a row. */
export interface Restoring {
  readonly edits: readonly Edit[];
  /** The name of the undo step. */
  readonly label: string;
  /** The row to show afterwards. */
  readonly row: number;
}

/**
 * Plans the edits that make a row as it is in the file that it is compared with.
 *
 * @throws MarginError `nothing-to-restore`, and errors of reading
 */
export async function restoring(
  lines: LinesDocument,
  { before, result }: RowComparison,
  restored: Restored,
): Promise<Restoring> {
  const changes = must(result, 'the result of the comparison');
  if (restored.kind === 'lost') {
    const line = await textOf(before, restored.origin, lines);
    const row = changes.placeFor(restored.origin);
    return { edits: [{ op: 'insert', row, lines: [line] }], label: 'Restore lost row', row };
  }
  const { row } = restored;
  const origin = changes.originOf(row);
  if (origin === null) throw nothing(row);
  if (restored.kind === 'row') {
    const [previous] = await lines.lines(row, 1);
    const line = await textOf(before, origin, lines);
    const edit: Edit = { op: 'replace', row, line, previous: must(previous, 'the row to restore') };
    return { edits: [edit], label: 'Restore row', row };
  }
  const to = changes.placeFor(origin);
  if (to === row || to === row + 1) throw nothing(row);
  return { edits: [{ op: 'move', from: row, count: 1, to }], label: 'Move row back', row: to > row ? to - 1 : to };
}

/** The row's text for this document: only in an array may it have line breaks. */
async function textOf(before: LinesDocument, origin: number, lines: LinesDocument): Promise<string> {
  const [text] = await before.lines(origin, 1);
  const line = must(text, 'the row before');
  return before.file.index.layout === lines.file.index.layout ? line : oneLine(line);
}

function nothing(row: number): MarginError {
  return new MarginError('nothing-to-restore', `Row ${row + 1} is where and what it was.`, { row });
}
