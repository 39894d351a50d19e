import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { changeInDir, type RunChange, runChange } from './runChange';

export interface RunWatcherEvents {
  /** Something that concerns a run appeared or changed. */
  readonly changed: (change: RunChange) => void;
  /** A run folder, one above it, or a run's config is gone. */
  readonly removed: () => void;
}

/**
 * Watches every `.margin/runs` of the workspace, and the folders outside of it that {@link watchDir} names.
 *
 * VS Code's watcher may miss what is made in a folder in the moment after the folder itself; who listens must look
 * again. Network disks may report nothing at all.
 */
export class RunWatcher implements vscode.Disposable {
  private readonly dirs = new Map<string, vscode.Disposable>();
  private readonly workspace: vscode.Disposable;

  constructor(private readonly events: RunWatcherEvents) {
    this.workspace = this.watch('{**/.margin,**/.margin/**}', (path) => runChange(path.split(sep), sep));
  }

  /** Watches a folder of runs; does nothing for one in the workspace, which is watched already. */
  watchDir(dir: string): void {
    if (this.dirs.has(dir) || vscode.workspace.getWorkspaceFolder(vscode.Uri.file(dir)) !== undefined) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dir), '**');
    this.dirs.set(
      dir,
      this.watch(pattern, (path) => changeInDir(dir, relative(dir, path).split(sep), sep)),
    );
  }

  dispose(): void {
    this.workspace.dispose();
    for (const watcher of this.dirs.values()) watcher.dispose();
  }

  private watch(pattern: vscode.GlobPattern, read: (path: string) => RunChange | null): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = ({ fsPath }: vscode.Uri): void => {
      const change = read(fsPath);
      if (change) this.events.changed(change);
    };
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    // Of a folder that is deleted as a whole, VS Code reports the folder alone.
    watcher.onDidDelete(({ fsPath }) => {
      if (read(fsPath)) this.events.removed();
    });
    return watcher;
  }
}
