import * as vscode from 'vscode';
import { viewOptions } from '../webviewHtml';
import { RunComparisonPanel, type RunComparisonServices } from './runComparisonPanel';

/** The tab that compares the runs of the workspace. There is one. */
export class RunComparisonTab implements vscode.WebviewPanelSerializer<unknown> {
  static readonly tabType = 'margin.runComparison';
  private open: RunComparisonPanel | null = null;

  constructor(private readonly services: RunComparisonServices) {}

  /** @param folders the runs to show first; none: what the view shows, or the newest */
  show(folders: readonly string[]): void {
    if (this.open) this.open.panel.reveal();
    else {
      const options = viewOptions(this.services.extension);
      const { tabType } = RunComparisonTab;
      this.serve(vscode.window.createWebviewPanel(tabType, 'Compare Runs', vscode.ViewColumn.Active, options));
    }
    if (folders.length > 0) this.open?.show(folders);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.open) panel.dispose();
    else this.serve(panel);
  }

  private serve(panel: vscode.WebviewPanel): void {
    const served = new RunComparisonPanel(panel, this.services);
    this.open = served;
    panel.onDidDispose(() => {
      served.dispose();
      if (this.open === served) this.open = null;
    });
  }
}
