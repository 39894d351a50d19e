import type { Edit } from '../pairs/edits';

/**
 * A change of a document. `edit` is the edit that was applied to its rows; for an undo that is the inverse. `grown`:
 * more rows; `indexed`: all lines of the file are known; `saved`; `reverted`: the rows were read again.
 */
export type DocumentChange =
  { readonly kind: 'edited'; readonly edit: Edit } | { readonly kind: 'grown' | 'indexed' | 'saved' | 'reverted' };

/** An applied edit, with the functions that VS Code's undo stack calls. */
export interface AppliedEdit {
  readonly edit: Edit;
  undo(): void;
  redo(): void;
}
