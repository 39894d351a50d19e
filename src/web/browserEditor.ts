import * as vscode from 'vscode';
import { sameJson } from '../pairs/json';
import { BrowserDocument } from './browserDocument';
import { BrowserView, type BrowserViewServices } from './browserView';
import { namedFile } from './namedFile';
import { type OpenFile, openFile } from './openFile';

interface Open extends OpenFile {
  readonly views: Set<BrowserView>;
}

/** The pair editor in the browser. It reads and writes files through VS Code, whatever their scheme. */
export class BrowserEditor implements vscode.CustomEditorProvider<BrowserDocument> {
  static readonly viewType = 'margin.pairs';
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<BrowserDocument>>();
  readonly onDidChangeCustomDocument = this.edited.event;
  private readonly open = new Map<BrowserDocument, Open>();

  constructor(private readonly services: BrowserViewServices) {}

  /** The view that the person works in; null if it is another editor. */
  get active(): BrowserView | null {
    for (const { views } of this.open.values()) for (const view of views) if (view.panel.active) return view;
    return null;
  }

  /** Scans and checks files again if their rows are now read in another way. */
  readAgain(): void {
    for (const { document, findings, columns, scan, views } of this.open.values()) {
      const reading = this.services.readings.of(namedFile(document.uri));
      if (sameJson(reading, document.reading)) continue;
      document.reading = reading;
      findings.forget();
      columns.clear();
      scan.restart();
      for (const view of views) view.readingChanged();
    }
  }

  async openCustomDocument(uri: vscode.Uri, { backupId }: vscode.CustomDocumentOpenContext): Promise<BrowserDocument> {
    const document = await BrowserDocument.open(uri, backupId, () =>
      vscode.window.showWarningMessage(
        'The file was changed since unsaved edits were made on it, so they were not applied. The file stays as it is.',
      ),
    );
    document.reading = this.services.readings.of(namedFile(uri));
    const views = new Set<BrowserView>();
    const file = openFile(document, (all) => {
      for (const view of views) view.checked(all);
    });
    const followed = (): void => {
      for (const view of views) view.checked(false);
    };
    const watcher = watch(uri, () => document.follow().then(followed, this.services.failed));
    document.onDidEdit((event) => this.edited.fire(event));
    this.open.set(document, { ...file, views });
    document.onDidDispose(() => {
      watcher.dispose();
      file.close();
      this.open.delete(document);
    });
    return document;
  }

  resolveCustomEditor(document: BrowserDocument, panel: vscode.WebviewPanel): void {
    const open = this.openOf(document);
    const view = new BrowserView(panel, open, this.services);
    open.views.add(view);
    panel.onDidDispose(() => {
      view.dispose();
      open.views.delete(view);
    });
  }

  async saveCustomDocument(document: BrowserDocument): Promise<void> {
    await this.settled(document);
    await document.save(mayOverwrite);
  }

  async saveCustomDocumentAs(document: BrowserDocument, target: vscode.Uri): Promise<void> {
    await this.settled(document);
    await document.saveAs(target);
  }

  async revertCustomDocument(document: BrowserDocument): Promise<void> {
    await document.revert();
  }

  async backupCustomDocument(
    document: BrowserDocument,
    { destination }: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    await document.backup(destination);
    const remove = (): void => {
      document.endBackup(destination);
      // The backup may be gone already.
      vscode.workspace.fs.delete(destination).then(undefined, () => undefined);
    };
    return { id: destination.toString(), delete: remove };
  }

  /** Settles when the document has the edits that its views have been asked for. */
  private async settled(document: BrowserDocument): Promise<void> {
    await Promise.all([...this.openOf(document).views].map((view) => view.settled()));
  }

  private openOf(document: BrowserDocument): Open {
    const open = this.open.get(document);
    if (!open) throw new Error(`${document.uri.path} is not open`);
    return open;
  }
}

/** Calls `changed` when another program writes or removes the file. In a glob, `?` stands for any one character. */
function watch(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replaceAll(/[[\]{}*?]/g, '?');
  const folder = vscode.Uri.joinPath(uri, '..');
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
  watcher.onDidChange(changed);
  watcher.onDidCreate(changed);
  watcher.onDidDelete(changed);
  return watcher;
}

async function mayOverwrite(): Promise<boolean> {
  const overwrite = 'Overwrite';
  const answer = await vscode.window.showWarningMessage(
    'Another program has changed this file since it was opened.',
    {
      modal: true,
      detail: 'Overwrite it with the rows of this editor? To see its changes, close this and revert the file.',
    },
    overwrite,
  );
  return answer === overwrite;
}
