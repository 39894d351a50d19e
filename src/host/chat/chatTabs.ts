import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { requireRuntimeOf } from '../runtimeOf';
import { viewOptions } from '../webviewHtml';
import { askChatModels, modelAt, modelsOfRun } from './askChatModel';
import type { ChosenModel } from './chatModels';
import { ChatPanel, type ChatPanelServices } from './chatPanel';

/** The tabs with chats. Each has a process of its own, which ends with it. */
export class ChatTabs implements vscode.Disposable {
  private readonly panels = new Set<ChatPanel>();

  constructor(private readonly services: ChatPanelServices) {}

  /**
   * Opens a tab.
   *
   * @param from a run's folder, a file or folder of a model, or null: asks for it
   * @throws MarginError `untrusted`, `no-runtime`, and those of reading the run
   */
  async open(from: string | vscode.Uri | null): Promise<void> {
    if (!vscode.workspace.isTrusted)
      throw new MarginError(
        'untrusted',
        'A chat loads models and their chat templates, so it waits until you trust the workspace.',
      );
    requireRuntimeOf(this.services.extension);
    const models = await this.modelsOf(from);
    if (models) this.show(models);
  }

  dispose(): void {
    for (const panel of this.panels) panel.dispose();
  }

  private modelsOf(from: string | vscode.Uri | null): Promise<readonly ChosenModel[] | null> {
    const { extension, runs } = this.services;
    if (from === null) return askChatModels(extension, runs);
    return typeof from === 'string' ? modelsOfRun(from) : Promise.resolve([modelAt(from.fsPath)]);
  }

  private show(models: readonly ChosenModel[]): void {
    const { extension } = this.services;
    const place = vscode.ViewColumn.Active;
    const tab = vscode.window.createWebviewPanel('margin.chat', 'Chat', place, viewOptions(extension));
    tab.iconPath = new vscode.ThemeIcon('comment-discussion');
    const panel = new ChatPanel(tab, models, this.services);
    this.panels.add(panel);
    tab.onDidDispose(() => {
      this.panels.delete(panel);
      panel.dispose();
    });
  }
}
