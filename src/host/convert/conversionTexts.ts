import * as vscode from 'vscode';

const scheme = 'margin-convert';

/** Read-only documents with previews and reports of conversions. */
export class ConversionTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions = [
    this.changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.path)),
  ];

  readonly onDidChange = this.changed.event;

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.texts.get(path) ?? 'This text is gone. Convert the file again.';
  }

  /** Shows a text under a name. The focus stays where it is. @returns the document, for {@link close} */
  async show(name: string, text: string): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme, path: `/${name.replaceAll('/', '-')}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: true });
    return uri;
  }

  async close(uri: vscode.Uri): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const own = tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.path === uri.path);
    await vscode.window.tabGroups.close(own.filter(({ input }) => isOwn(input)));
  }

  dispose(): void {
    this.subscriptions.forEach((one) => void one.dispose());
  }
}

function isOwn(input: unknown): boolean {
  return input instanceof vscode.TabInputText && input.uri.scheme === scheme;
}
