import type * as vscode from 'vscode';
import { viewHtml, viewOptions } from '../webviewHtml';
import type { TrainFormServices } from './trainForm';

/** Shows a `*.train.json` as a form. VS Code's text document stays the truth: it has the undo steps and is saved. */
export class TrainFormProvider implements vscode.CustomTextEditorProvider {
  static readonly viewType = 'margin.trainForm';

  constructor(private readonly services: TrainFormServices) {}

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { extension } = this.services;
    const { TrainForm } = await import('./trainForm');
    panel.webview.options = viewOptions(extension);
    const form = new TrainForm(document, panel.webview, this.services);
    panel.onDidDispose(() => form.dispose());
    panel.webview.html = viewHtml(panel.webview, extension, 'trainForm', 'Margin training config');
  }
}
