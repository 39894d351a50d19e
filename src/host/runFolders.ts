import { dirname } from 'node:path';
import * as vscode from 'vscode';

/** More run folders than this are not looked for; a workspace with more has them in few places anyway. */
const maxFound = 2000;

/** Folders of the workspace that hold run folders: each `.margin/runs`, wherever a config put it. */
export async function workspaceRunFolders(): Promise<readonly string[]> {
  const configs = await vscode.workspace.findFiles('**/.margin/runs/*/config.json', '**/node_modules/**', maxFound);
  return [...new Set(configs.map(({ fsPath }) => dirname(dirname(fsPath))))];
}

/** Fires when a run of the workspace comes, goes or changes its state. */
export function watchRunFolders(changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/.margin/runs/*/state.json');
  watcher.onDidCreate(changed);
  watcher.onDidChange(changed);
  watcher.onDidDelete(changed);
  return watcher;
}
