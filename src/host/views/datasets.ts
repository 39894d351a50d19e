import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { plainLabel, plainLine } from '../plainText';
import { countRows, type RowCounts, shapeOf } from './countRows';

/** A workspace with more JSONL files than this is no place to list them. */
const maxFiles = 500;
/** A file that is written to changes many times a second. */
const settleMs = 400;
/** Files that are counted within this are listed with their counts at once: news of a row that is being clicked take the click from it. */
const patienceMs = 300;

/** A preference file of the workspace. */
interface Dataset {
  readonly uri: vscode.Uri;
  readonly shape: string;
  /** Tells whether the file has changed since it was looked at. */
  readonly stamp: string;
  /** null until somebody has counted, or where the file cannot be read to its end. */
  counts: RowCounts | null;
}

/** Preference files of the workspace with shape, rows and problems, kept up to date. Only files that changed are read again. */
export class DatasetsView implements vscode.TreeDataProvider<Dataset>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<Dataset | undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly watcher = vscode.workspace.createFileSystemWatcher('**/*.jsonl');
  /** By file; null: looked at, and no dataset. */
  private known = new Map<string, { readonly stamp: string; readonly dataset: Dataset | null }>();
  private counting = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  constructor() {
    const changed = (uri: vscode.Uri): void => {
      if (!isOwn(uri)) this.soon();
    };
    this.watcher.onDidCreate(changed);
    this.watcher.onDidChange(changed);
    this.watcher.onDidDelete(changed);
  }

  /** Reads every file again. */
  refresh(): void {
    this.known.clear();
    this.emitter.fire(undefined);
  }

  async getChildren(element?: Dataset): Promise<Dataset[]> {
    if (element) return [];
    const files = await vscode.workspace.findFiles('**/*.jsonl', '**/{node_modules,.margin}/**', maxFiles);
    const known = new Map<string, { readonly stamp: string; readonly dataset: Dataset | null }>();
    for (const uri of files) known.set(uri.toString(), await this.look(uri));
    this.known = known;
    const datasets = [...known.values()].flatMap(({ dataset }) => dataset ?? []);
    await this.countFor(patienceMs, datasets);
    return datasets.sort((a, b) => a.uri.path.localeCompare(b.uri.path));
  }

  getTreeItem({ uri, shape, counts }: Dataset): vscode.TreeItem {
    const item = new vscode.TreeItem(uri);
    const { t } = vscode.l10n;
    const problems = counts?.problems ? t('{0} problems', counts.problems.toLocaleString(vscode.env.language)) : null;
    const rows = counts ? t('{0} rows', counts.rows.toLocaleString(vscode.env.language)) : null;
    item.id = uri.toString();
    item.label = plainLabel(basename(uri.fsPath));
    item.description = plainLabel([rows, problems, shape].filter((part) => part !== null).join(' · '));
    const path = plainLine(vscode.workspace.asRelativePath(uri));
    item.tooltip = [path, shape, rows, problems].filter((part) => part !== null).join('\n');
    item.accessibilityInformation = { label: `${path}, ${item.description}` };
    item.contextValue = 'dataset';
    item.command = { command: 'margin.openAsPairs', title: t('Open as Pairs'), arguments: [uri] };
    return item;
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    this.counting.abort();
    this.watcher.dispose();
    this.emitter.dispose();
  }

  private soon(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.emitter.fire(undefined), settleMs);
  }

  private async look(uri: vscode.Uri): Promise<{ readonly stamp: string; readonly dataset: Dataset | null }> {
    try {
      const { size, mtimeMs } = await stat(uri.fsPath);
      const stamp = `${size}:${mtimeMs}`;
      const before = this.known.get(uri.toString());
      if (before?.stamp === stamp) return before;
      const shape = await shapeOf(uri.fsPath);
      return { stamp, dataset: shape === null ? null : { uri, shape, stamp, counts: null } };
    } catch {
      // A file that vanished, may not be read or is no text is no dataset.
      return { stamp: '', dataset: null };
    }
  }

  /** Counts some files, and goes on in the background when the time is over; a new list stops the old one's counting. */
  private async countFor(ms: number, datasets: readonly Dataset[]): Promise<void> {
    this.counting.abort();
    const { signal } = (this.counting = new AbortController());
    let isListed = false;
    let late = 0;
    const counting = count(datasets, signal, (dataset) => {
      if (!isListed) return;
      late++;
      this.emitter.fire(dataset);
    }).then(() => {
      // A dataset that was counted before the tree held it was told of in vain.
      if (late > 0 && !signal.aborted) this.emitter.fire(undefined);
    });
    await Promise.race([counting, sleep(ms)]);
    isListed = true;
  }
}

/** One file after the other. */
async function count(datasets: readonly Dataset[], signal: AbortSignal, onCounted: (dataset: Dataset) => void): Promise<void> {
  for (const dataset of datasets) {
    if (dataset.counts) continue;
    const counts = await countRows(dataset.uri.fsPath, signal).catch(() => null);
    if (signal.aborted) return;
    // Without counts the file still is a dataset; the editor says what is wrong with it.
    if (!counts) continue;
    dataset.counts = counts;
    onCounted(dataset);
  }
}

/** Events and rewards of runs are JSONL too, and change all the time. */
function isOwn(uri: vscode.Uri): boolean {
  return uri.path.includes('/.margin/');
}
