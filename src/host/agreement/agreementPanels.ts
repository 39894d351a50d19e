import { basename } from 'node:path';
import * as vscode from 'vscode';
import { viewOptions } from '../webviewHtml';
import { AgreementPanel, type AgreementServices } from './agreementPanel';

/** What the view remembers when the window closes. */
interface Remembered {
  readonly file?: string;
}

/** The views of agreement, one for each dataset. */
export class AgreementPanels implements vscode.WebviewPanelSerializer<Remembered> {
  static readonly tabType = 'margin.agreement';
  private readonly panels = new Map<string, AgreementPanel>();

  constructor(private readonly services: AgreementServices) {}

  show(file: vscode.Uri): void {
    const known = this.panels.get(file.toString());
    if (known) return known.panel.reveal();
    const title = `Agreement: ${basename(file.fsPath)}`;
    const options = viewOptions(this.services.extension);
    this.serve(
      vscode.window.createWebviewPanel(AgreementPanels.tabType, title, vscode.ViewColumn.Active, options),
      file,
    );
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Remembered | undefined): Promise<void> {
    if (state?.file === undefined) panel.dispose();
    else this.serve(panel, vscode.Uri.parse(state.file));
  }

  private serve(panel: vscode.WebviewPanel, file: vscode.Uri): void {
    const served = new AgreementPanel(panel, file, this.services);
    this.panels.set(file.toString(), served);
    panel.onDidDispose(() => {
      served.dispose();
      this.panels.delete(file.toString());
    });
  }
}
