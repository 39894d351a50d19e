import * as vscode from 'vscode';

const scheme = 'margin-text';

/** A text to show, under a name that tells VS Code its language: `row 3.json`. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Shows texts as read-only documents: previews and reports of conversions, rows to compare. The focus does not move.
 */
export class ReadOnlyTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions = [
    this.changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.path)),
  ];

  readonly onDidChange = this.changed.event;

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.texts.get(path) ?? 'This text is gone. Run the command again.';
  }

  /** @returns the document, for {@link close} */
  async show(text: NamedText): Promise<vscode.Uri> {
    const uri = this.put(text);
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: true });
    return uri;
  }

  /** Shows two texts in VS Code's diff editor. */
  async compare(left: NamedText, right: NamedText): Promise<void> {
    const title = `${left.name} ↔ ${right.name}`;
    const options = { preview: true, preserveFocus: true };
    await vscode.commands.executeCommand('vscode.diff', this.put(left), this.put(right), title, options);
  }

  async close(uri: vscode.Uri): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter(({ input }) => isOf(input, uri)));
  }

  dispose(): void {
    this.subscriptions.forEach((one) => void one.dispose());
  }

  private put({ name, text }: NamedText): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: `/${name.replaceAll('/', '-')}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }
}

function isOf(input: unknown, { path }: vscode.Uri): boolean {
  return input instanceof vscode.TabInputText && input.uri.scheme === scheme && input.uri.path === path;
}
