import * as vscode from 'vscode';

/** Text files with one row a line. VS Code gives extensions no document above 50 MB. */
export const lineFiles: vscode.DocumentFilter = { scheme: 'file', pattern: '**/*.{jsonl,ndjson}' };

/** Whether the rewards of the lines of a document are to be shown: it has one row a line, and the setting is on. */
export function showsRewards(document: vscode.TextDocument): boolean {
  if (vscode.workspace.getConfiguration('margin', document.uri).get('lineRewards') !== true) return false;
  return vscode.languages.match(lineFiles, document) > 0;
}
