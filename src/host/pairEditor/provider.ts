import * as vscode from 'vscode';
import { MarginError } from '../../pairs/marginError';
import { showError } from '../showError';
import { PairDocument } from './pairDocument';
import { PairView } from './pairView';
import { ProblemScan } from './problemScan';

interface Open {
  readonly document: PairDocument;
  readonly scan: ProblemScan;
  readonly views: Set<PairView>;
  readonly subscriptions: vscode.Disposable;
}

/** `*.jsonl` as pairs: a custom editor over a document of its own, because text documents end at 50 MB. */
export class PairEditorProvider implements vscode.CustomEditorProvider<PairDocument> {
  static readonly viewType = 'margin.pairs';
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<PairDocument>>();
  readonly onDidChangeCustomDocument = this.edited.event;
  private readonly open = new Map<string, Open>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly problems: vscode.DiagnosticCollection,
  ) {}

  /** The view a person works in. */
  get active(): PairView | null {
    for (const { views } of this.open.values()) for (const view of views) if (view.panel.active) return view;
    return null;
  }

  /** Opens a file as pairs at a row. */
  async reveal(uri: vscode.Uri, row: number, key: string): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', uri, PairEditorProvider.viewType);
    const open = this.open.get(uri.toString());
    const moved = open?.scan.facts.findIndex((fact) => fact.key === key) ?? -1;
    for (const view of open?.views ?? []) view.reveal(moved >= 0 ? moved : row);
  }

  rewardsChanged(): void {
    for (const { views } of this.open.values()) for (const view of views) void view.rewardsChanged();
  }

  async openCustomDocument(uri: vscode.Uri, { backupId }: vscode.CustomDocumentOpenContext): Promise<PairDocument> {
    const document = await PairDocument.open(uri, backupId);
    const views = new Set<PairView>();
    const scan = new ProblemScan(uri, document.lines, this.problems, () => views.forEach((view) => view.changed()));
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), uri.path.slice(uri.path.lastIndexOf('/') + 1)));
    watcher.onDidChange(() => void this.changedOutside(document));
    const subscriptions = vscode.Disposable.from(watcher, scan, document.onDidEdit((event) => this.edited.fire(event)));
    this.open.set(uri.toString(), { document, scan, views, subscriptions });
    return document;
  }

  resolveCustomEditor(document: PairDocument, panel: vscode.WebviewPanel): void {
    const open = this.open.get(document.uri.toString());
    if (!open) return;
    const view = new PairView(panel, document, open.scan, this.extension);
    open.views.add(view);
    panel.onDidDispose(() => {
      view.dispose();
      open.views.delete(view);
      if (open.views.size > 0) return;
      open.subscriptions.dispose();
      this.open.delete(document.uri.toString());
    });
  }

  async saveCustomDocument(document: PairDocument, cancellation: vscode.CancellationToken): Promise<void> {
    try {
      await document.lines.save({ signal: signalOf(cancellation) });
    } catch (error) {
      if (!(error instanceof MarginError && error.code === 'changed-on-disk')) throw error;
      const overwrite = vscode.l10n.t('Overwrite');
      const answer = await vscode.window.showWarningMessage(error.message, { modal: true }, overwrite);
      if (answer !== overwrite) throw new vscode.CancellationError();
      await document.lines.save({ signal: signalOf(cancellation), overwrite: true });
    }
  }

  async saveCustomDocumentAs(document: PairDocument, target: vscode.Uri, cancellation: vscode.CancellationToken): Promise<void> {
    await document.lines.saveAs(target.fsPath, signalOf(cancellation));
  }

  async revertCustomDocument(document: PairDocument): Promise<void> {
    await document.lines.revert();
  }

  async backupCustomDocument(document: PairDocument, { destination }: vscode.CustomDocumentBackupContext): Promise<vscode.CustomDocumentBackup> {
    await document.lines.backup(destination.fsPath);
    return { id: destination.toString(), delete: () => void vscode.workspace.fs.delete(destination).then(undefined, () => undefined) };
  }

  /** A clean document follows the file; one with edits stays, and its next save asks. */
  private async changedOutside({ lines }: PairDocument): Promise<void> {
    try {
      if (!lines.isDirty && (await lines.checkDisk()) === 'changed') await lines.revert();
    } catch (error) {
      showError(error);
    }
  }
}

function signalOf(cancellation: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  cancellation.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
  return controller.signal;
}
