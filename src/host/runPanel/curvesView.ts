import * as vscode from 'vscode';
import { viewOptions } from '../webviewHtml';
import { RunPanel, type RunPanelServices } from './runPanel';

/** The curves in the bottom panel, wherever a person moved them, and as editor tabs. */
export class CurvesViews implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer<{ readonly folder?: string | null }> {
  static readonly viewId = 'margin.curves';
  static readonly tabType = 'margin.run';
  private panel: RunPanel | null = null;
  private wanted: string | null = null;

  constructor(private readonly services: RunPanelServices) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    const panel = new RunPanel(view.webview, this.services, this.wanted);
    this.panel = panel;
    view.onDidDispose(() => {
      panel.dispose();
      if (this.panel === panel) this.panel = null;
    });
  }

  /** Shows a run in the bottom panel. */
  async show(folder: string | null): Promise<void> {
    this.wanted = folder;
    await vscode.commands.executeCommand(`${CurvesViews.viewId}.focus`);
    await this.panel?.show(folder);
  }

  openTab(folder: string | null): void {
    const tab = vscode.window.createWebviewPanel(CurvesViews.tabType, vscode.l10n.t('Run'), vscode.ViewColumn.Active, viewOptions(this.services.extension));
    this.serve(tab, folder);
  }

  async deserializeWebviewPanel(tab: vscode.WebviewPanel, state: { readonly folder?: string | null } | undefined): Promise<void> {
    this.serve(tab, state?.folder ?? null);
  }

  private serve(tab: vscode.WebviewPanel, folder: string | null): void {
    tab.iconPath = new vscode.ThemeIcon('graph-line');
    const panel = new RunPanel(tab.webview, this.services, folder);
    tab.onDidDispose(() => panel.dispose());
  }
}
