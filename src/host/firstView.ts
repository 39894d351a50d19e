import * as vscode from 'vscode';

/** The key in the workspace's memory of the last `npm start` whose first view was shown. */
const shownKey = 'startedAt';

/**
 * A second extension, which only `npm start` loads. It shows the sample as pairs, lowest margin first, and the curves
 * of the newest run. It does so once per start: a reloaded window stays as the person left it.
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
