import * as vscode from 'vscode';
import { uriName } from '../uriName';

/** Calls `changed` when another program writes a file or creates it again. */
export function watchFile(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  // In a glob, `?` stands for any one character.
  const name = uriName(uri).replaceAll(/[[\]{}*?]/g, '?');
  const folder = vscode.Uri.joinPath(uri, '..');
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
  watcher.onDidChange(changed);
  watcher.onDidCreate(changed);
  return watcher;
}
