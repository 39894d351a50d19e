import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { requireRuntimeOf } from '../runtimeOf';
import { viewOptions } from '../webviewHtml';
import { askChatModels, modelAt, modelsOfRun } from './askChatModel';
import type { ChosenModel } from './chatModels';
import { ChatPanel, type ChatPanelServices } from './chatPanel';
import { type KeptChat, readKept } from './keptChat';
import type { ChatMemory } from '../../protocol/chat';

/** The tabs with chats. Each has a process of its own, which ends with it. */
export class ChatTabs implements vscode.Disposable, vscode.WebviewPanelSerializer<ChatMemory> {
  static readonly tabType = 'margin.chat';
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
    const tab = vscode.window.createWebviewPanel(ChatTabs.tabType, 'Chat', place, viewOptions(extension));
    this.serve(tab, models);
  }

  /** Continues a chat of an earlier window. In Restricted Mode it waits for trust; VS Code keeps it until then. */
  async deserializeWebviewPanel(tab: vscode.WebviewPanel, memory: ChatMemory | undefined): Promise<void> {
    const kept = readKept(memory?.kept);
    if (kept === null) {
      tab.dispose();
      await this.services.notices.warn('A chat of an earlier window could not be read, so its tab is closed.');
      return;
    }
    if (vscode.workspace.isTrusted) return this.restore(tab, kept);
    const granted = vscode.workspace.onDidGrantWorkspaceTrust(() => this.restore(tab, kept));
    tab.onDidDispose(() => granted.dispose());
  }

  private restore(tab: vscode.WebviewPanel, kept: KeptChat): void {
    this.serve(tab, kept);
    const { dropped } = kept;
    const turns = dropped === 1 ? 'The oldest turn' : `The ${dropped} oldest turns`;
    if (dropped > 0) this.services.notices.log.warn(`${turns} of a chat were too long to be kept for this window.`);
  }

  private serve(tab: vscode.WebviewPanel, start: readonly ChosenModel[] | KeptChat): void {
    tab.iconPath = new vscode.ThemeIcon('comment-discussion');
    const panel = new ChatPanel(tab, start, this.services);
    this.panels.add(panel);
    tab.onDidDispose(() => {
      this.panels.delete(panel);
      panel.dispose();
    });
  }
}
