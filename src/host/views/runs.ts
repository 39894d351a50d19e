import * as vscode from 'vscode';
import { isLiving } from '../../run/alive';
import { findRuns, type FoundRun } from '../../run/find';
import { watchRunFolders, workspaceRunFolders } from '../runFolders';

/** State files change each step; the list and the status bar need no more than this. */
const settleMs = 500;

const icons: Readonly<Record<FoundRun['status'], string>> = {
  starting: 'loading~spin',
  running: 'play-circle',
  paused: 'debug-pause',
  stopping: 'debug-stop',
  done: 'pass',
  stopped: 'debug-stop',
  failed: 'error',
  lost: 'warning',
};

/** The workspace's runs, kept up to date; the side bar and the status bar show the same list. */
export class RunsModel implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<readonly FoundRun[]>();
  readonly onDidChange = this.emitter.event;
  private readonly watcher: vscode.Disposable;
  private pending: NodeJS.Timeout | null = null;
  private known: readonly FoundRun[] = [];

  constructor() {
    this.watcher = watchRunFolders(() => this.soon());
  }

  get runs(): readonly FoundRun[] {
    return this.known;
  }

  async refresh(): Promise<readonly FoundRun[]> {
    this.known = (await findRuns(await workspaceRunFolders())).runs;
    this.emitter.fire(this.known);
    return this.known;
  }

  dispose(): void {
    this.watcher.dispose();
    this.emitter.dispose();
    if (this.pending) clearTimeout(this.pending);
  }

  private soon(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      void this.refresh();
    }, settleMs);
  }
}

export class RunsView implements vscode.TreeDataProvider<FoundRun> {
  readonly onDidChangeTreeData: vscode.Event<void>;
  private readonly emitter = new vscode.EventEmitter<void>();

  constructor(private readonly model: RunsModel) {
    this.onDidChangeTreeData = this.emitter.event;
    model.onDidChange(() => this.emitter.fire());
  }

  async getChildren(element?: FoundRun): Promise<FoundRun[]> {
    if (element) return [];
    return [...(this.model.runs.length > 0 ? this.model.runs : await this.model.refresh())];
  }

  getTreeItem({ folder, name, status, state }: FoundRun): vscode.TreeItem {
    const item = new vscode.TreeItem(name);
    item.id = folder;
    item.description = state ? `${status} · ${state.step}/${state.steps}` : status;
    item.tooltip = state?.error ? `${folder}\n${state.error.message}` : folder;
    item.iconPath = new vscode.ThemeIcon(icons[status]);
    item.contextValue = isLiving(status) ? (status === 'paused' ? 'paused' : 'living') : status === 'done' ? 'done' : 'resumable';
    item.command = { command: 'margin.openRun', title: '', arguments: [folder] };
    return item;
  }
}
