import * as vscode from 'vscode';

/** Calls back when a search for wrong labels, or a result of `margin cleaning`, was saved or deleted here. */
export function watchSuspects(changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/.margin/suspects/*.{jsonl,json}');
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
  );
}
