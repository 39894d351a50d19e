import * as vscode from 'vscode';

const scheme = 'margin-rows';

/** The text of a row, under a name. */
export interface RowText {
  readonly name: string;
  readonly text: string;
}

/** Shows two rows side by side, in VS Code's diff editor. */
export class RowTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions = [
    this.changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.path)),
  ];

  readonly onDidChange = this.changed.event;

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.texts.get(path) ?? 'This text is gone. Compare the rows again.';
  }

  /** Shows two rows. The focus stays where it is. */
  async compare(left: RowText, right: RowText): Promise<void> {
    const title = `${left.name} ↔ ${right.name}`;
    const options = { preview: true, preserveFocus: true };
    await vscode.commands.executeCommand('vscode.diff', this.put(left), this.put(right), title, options);
  }

  /** Closes the comparison. */
  async close(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const own = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === scheme,
    );
    await vscode.window.tabGroups.close(own);
  }

  dispose(): void {
    this.subscriptions.forEach((one) => void one.dispose());
  }

  private put({ name, text }: RowText): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: `/${name.replaceAll('/', '-')}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }
}
