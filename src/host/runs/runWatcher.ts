import { type FSWatcher, watch } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { changeInDir, type RunChange, runChange } from './runChange';
import { pathExists } from '../../base/node/pathExists';

export interface RunWatcherEvents {
  /** Something that concerns a run appeared or changed. */
  readonly changed: (change: RunChange) => void;
  /** A run folder, one above it, or a run's config is gone. */
  readonly removed: () => void;
}

/**
 * Watches every `.margin/runs` of the workspace, and the folders outside of it that {@link watchDir} names.
 *
 * VS Code's watcher may miss a file or folder that is made right after its parent folder. Then it never reports a
 * change of it while the window is open. So listeners must read a new folder again, and pass what they find to {@link
 * watchNew}. Network disks may report nothing at all.
 */
export class RunWatcher implements vscode.Disposable {
  private readonly dirs = new Map<string, vscode.Disposable>();
  /** By folder: watchers of Node, for changes that VS Code's watcher may miss. */
  private readonly made = new Map<string, FSWatcher>();
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

  /**
   * Watches the entries of a folder that is new. Does nothing if there is no such folder.
   *
   * @param dir a folder that holds run folders
   * @param folder `dir` or a run folder in it
   */
  watchNew(dir: string, folder: string): void {
    if (this.made.has(folder)) return;
    try {
      const watcher = watch(folder, (_event, name) => void this.report(dir, folder, join(folder, name ?? '')));
      watcher.on('error', () => this.unwatch(folder));
      this.made.set(folder, watcher);
    } catch {
      // There is no such folder, or the system has no watcher left: then the Runs view looks every few seconds.
    }
  }

  dispose(): void {
    this.workspace.dispose();
    for (const folder of this.made.keys()) this.unwatch(folder);
    for (const watcher of this.dirs.values()) watcher.dispose();
  }

  private unwatch(folder: string): void {
    this.made.get(folder)?.close();
    this.made.delete(folder);
  }

  private async report(dir: string, folder: string, path: string): Promise<void> {
    const change = changeInDir(dir, relative(dir, path).split(sep), sep);
    if (change === null) return;
    if (await pathExists(path)) return this.events.changed(change);
    this.unwatch(path);
    if (!(await pathExists(folder))) this.unwatch(folder);
    this.events.removed();
  }

  private watch(pattern: vscode.GlobPattern, read: (path: string) => RunChange | null): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = ({ fsPath }: vscode.Uri): void => {
      const change = read(fsPath);
      if (change) this.events.changed(change);
    };
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    // If a whole folder is deleted, VS Code reports only the folder.
    watcher.onDidDelete(({ fsPath }) => {
      if (read(fsPath)) this.events.removed();
    });
    return watcher;
  }
}
