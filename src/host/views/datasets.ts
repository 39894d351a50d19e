import { relative } from 'node:path';
import * as vscode from 'vscode';
import { LinesDocument } from '../../jsonl/document';
import { checkLine } from '../../pairs/checks';
import { readPair } from '../../pairs/readPair';

/** A workspace with more JSONL files than this is no place to list them. */
const maxFiles = 500;
/** Lines read to tell a file's shape and whether it holds pairs at all. */
const sniffed = 50;

interface Dataset {
  readonly uri: vscode.Uri;
  readonly shape: string;
  readonly rows: number;
  /** Among the first lines. */
  readonly problems: number;
}

/** Preference files of the workspace with shape, rows and problems, kept up to date. */
export class DatasetsView implements vscode.TreeDataProvider<Dataset>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly watcher = vscode.workspace.createFileSystemWatcher('**/*.jsonl');

  constructor() {
    const changed = (uri: vscode.Uri): void => {
      if (!isOwn(uri)) this.emitter.fire();
    };
    this.watcher.onDidCreate(changed);
    this.watcher.onDidChange(changed);
    this.watcher.onDidDelete(changed);
  }

  refresh(): void {
    this.emitter.fire();
  }

  async getChildren(element?: Dataset): Promise<Dataset[]> {
    if (element) return [];
    const files = await vscode.workspace.findFiles('**/*.jsonl', '**/{node_modules,.margin}/**', maxFiles);
    const datasets = await Promise.all(files.map(sniff));
    return datasets.filter((dataset) => dataset !== null).sort((a, b) => a.uri.path.localeCompare(b.uri.path));
  }

  getTreeItem({ uri, shape, rows, problems }: Dataset): vscode.TreeItem {
    const item = new vscode.TreeItem(uri);
    item.id = uri.toString();
    const flaws = problems > 0 ? ` · ⚠ ${problems}` : '';
    item.description = `${vscode.l10n.t('{0} rows', rows.toLocaleString(vscode.env.language))} · ${shape}${flaws}`;
    item.tooltip = relative(vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? '', uri.fsPath);
    item.resourceUri = uri;
    item.contextValue = 'dataset';
    item.command = { command: 'margin.openAsPairs', title: '', arguments: [uri] };
    return item;
  }

  dispose(): void {
    this.watcher.dispose();
    this.emitter.dispose();
  }
}

/** Events and rewards of runs are JSONL too, and change all the time. */
function isOwn(uri: vscode.Uri): boolean {
  return uri.path.includes('/.margin/');
}

/** null for files without a single pair at their start, and for those that cannot be read: they are no datasets. */
async function sniff(uri: vscode.Uri): Promise<Dataset | null> {
  const document = await LinesDocument.open(uri.fsPath).catch(() => null);
  if (!document) return null;
  try {
    await document.whenIndexed();
    const lines = await document.lines(0, sniffed);
    const shapes = lines.map((line) => readPair(line)).flatMap((result) => (result.kind === 'pair' ? [result.format.label] : []));
    const [shape] = shapes;
    if (shape === undefined) return null;
    return { uri, shape, rows: document.rowCount, problems: lines.filter((line) => checkLine(line).some(({ severity }) => severity !== 'info')).length };
  } catch {
    // A file that vanished or is no text while it is read is no dataset.
    return null;
  } finally {
    await document.close();
  }
}
