import * as vscode from 'vscode';

/** Calls back when a search for wrong labels of the workspace, or what `margin cleaning` found, was saved or deleted. */
export function watchSuspects(changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/.margin/suspects/*.{jsonl,json}');
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
  );
}
