/**
 * Edits of a list of lines, as data. Each carries what it replaces, so that its inverse needs no document
 * (the model is vscode-hexeditor's `hexDocumentModel`). Rows count from 0 in the list as it stands before the edit.
 * A line is the text between two line ends, without them.
 */
export type Edit =
  | { readonly op: 'replace'; readonly row: number; readonly line: string; readonly previous: string }
  | { readonly op: 'insert'; readonly row: number; readonly lines: readonly string[] }
  | { readonly op: 'delete'; readonly row: number; readonly lines: readonly string[] }
  | { readonly op: 'move'; readonly from: number; readonly count: number; readonly to: number };
