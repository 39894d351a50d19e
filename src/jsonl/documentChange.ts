import type { Edit } from '../pairs/edits';

/**
 * A change of a document. `edit`: an edit was applied to its rows; an undo applies the inverse. `grown`: there are more
 * rows. `indexed`: all lines of the file are known. `saved`: the file has the edits. `reverted`: the rows were read
 * again. After a merge with what another program wrote, `rowAfter` gives the new number of a row, null if it is gone.
 */
export type DocumentChange =
  | { readonly kind: 'edited'; readonly edit: Edit }
  | { readonly kind: 'reverted'; readonly rowAfter?: (row: number) => number | null }
  /** `edits`: those that the file has now. */
  | { readonly kind: 'saved'; readonly edits: readonly Edit[] }
  | { readonly kind: 'grown' | 'indexed' };

/** An applied edit, with the functions that VS Code's undo stack calls. */
export interface AppliedEdit {
  readonly edit: Edit;
  undo(): void;
  redo(): void;
}
