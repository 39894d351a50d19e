import * as vscode from 'vscode';

/** Memory of which `npm start` has had its first view. */
const shownKey = 'startedAt';

/**
 * An extension of its own beside Margin, for `npm start` alone: shows the sample as pairs, lowest margin first, and the
 * curves of the newest run. Once a start: a window that is reloaded stays as a person left it.
 */
export async function activate({ extension, workspaceState }: vscode.ExtensionContext): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const { startedAt } = extension.packageJSON as { readonly startedAt: number };
  if (!folder || workspaceState.get<number>(shownKey) === startedAt) return;
  await workspaceState.update(shownKey, startedAt);
  const run = (command: string, ...args: readonly unknown[]): Thenable<unknown> =>
    vscode.commands.executeCommand(command, ...args);
  await run('margin.datasets.focus');
  await run('margin.showCurves');
  await run('margin.openAsPairs', vscode.Uri.joinPath(folder.uri, 'prefs.jsonl'));
  await run('margin.pair.sortByMargin');
}
