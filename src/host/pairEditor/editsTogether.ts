import type { AppliedEdit } from '../../jsonl/documentChange';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Edit } from '../../pairs/edits';

/**
 * Applies edits one after the other, to be undone and redone together.
 *
 * @throws errors of `applyEdit`; the edits before the one that failed are taken back then
 */
export function applyTogether(lines: LinesDocument, edits: readonly Edit[]): Pick<AppliedEdit, 'undo' | 'redo'> {
  const applied: AppliedEdit[] = [];
  const undo = (): void => {
    for (const edit of applied.toReversed()) edit.undo();
  };
  try {
    for (const edit of edits) applied.push(lines.applyEdit(edit));
  } catch (error) {
    undo();
    throw error;
  }
  return {
    undo,
    redo: () => {
      for (const edit of applied) edit.redo();
    },
  };
}
