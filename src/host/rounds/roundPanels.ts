import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RoundAction } from '../../protocol/round';
import type { Notices } from '../notices';
import type { Reviewer } from '../review/reviewer';
import type { RunsModel } from '../runs/runsModel';
import type { RoundStep } from '../walkthrough';
import { viewOptions } from '../webviewHtml';
import type { RoundActions } from './roundActions';
import { RoundPanel } from './roundPanel';
import type { RoundWork } from './roundWork';

export interface RoundServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly runs: RunsModel;
  readonly work: RoundWork;
  readonly reviewer: Reviewer;
  readonly actions: RoundActions;
  /** Told what a person has done, for the walkthrough. */
  readonly did: (step: RoundStep) => void;
}

/** What the view remembers when the window closes. */
interface Remembered {
  readonly folder?: string;
}

/** The tabs of rounds, one for each folder of rounds. */
export class RoundPanels implements vscode.WebviewPanelSerializer<Remembered> {
  static readonly tabType = 'margin.round';
  private readonly panels = new Map<string, RoundPanel>();

  constructor(private readonly services: RoundServices) {}

  show(folder: string): void {
    const known = this.panels.get(folder);
    if (known) return known.panel.reveal();
    const title = `Round: ${basename(folder)}`;
    const options = viewOptions(this.services.extension);
    this.serve(vscode.window.createWebviewPanel(RoundPanels.tabType, title, vscode.ViewColumn.Active, options), folder);
  }

  /** The folder of the tab that the person works in; null if it is another tab. */
  get activeFolder(): string | null {
    return this.active?.folder ?? null;
  }

  /** What a key of the queue does in the tab that the person works in. */
  async act(action: RoundAction, place: unknown = null): Promise<void> {
    await this.active?.act(action, typeof place === 'number' ? place : null);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Remembered | undefined): Promise<void> {
    if (state?.folder === undefined) panel.dispose();
    else this.serve(panel, state.folder);
  }

  private get active(): RoundPanel | undefined {
    return [...this.panels.values()].find(({ panel }) => panel.active);
  }

  private serve(panel: vscode.WebviewPanel, folder: string): void {
    const served = new RoundPanel(panel, folder, this.services);
    this.panels.set(folder, served);
    panel.onDidDispose(() => {
      served.dispose();
      this.panels.delete(folder);
    });
  }
}
