import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import type { Readings } from '../reading/readings';
import { viewOptions } from '../webviewHtml';
import type { ComparisonActions } from './comparisonActions';
import { ModelComparisonPanel } from './modelComparisonPanel';

export interface ModelComparisonServices {
  readonly extension: vscode.Uri;
  readonly editor: Pick<PairEditorProvider, 'reveal'>;
  readonly readings: Readings;
  readonly notices: Notices;
  readonly runFolders: () => Promise<readonly string[]>;
  readonly actions: ComparisonActions;
}

/** What the view remembers when the window closes. */
interface Remembered {
  readonly file?: string;
}

/** The views that compare models, one for each dataset. */
export class ModelComparisonPanels implements vscode.WebviewPanelSerializer<Remembered> {
  static readonly tabType = 'margin.modelComparison';
  private readonly panels = new Map<string, ModelComparisonPanel>();

  constructor(private readonly services: ModelComparisonServices) {}

  /** @param run the folder of the run to begin with; null: the newest */
  show(file: vscode.Uri, run: string | null): void {
    const known = this.panels.get(file.toString());
    if (known) return known.panel.reveal();
    const title = `Models on ${basename(file.fsPath)}`;
    const { tabType } = ModelComparisonPanels;
    const options = viewOptions(this.services.extension);
    this.serve(vscode.window.createWebviewPanel(tabType, title, vscode.ViewColumn.Active, options), file, run);
  }

  /** There may be newer rewards. */
  rewardsChanged(): void {
    for (const panel of this.panels.values()) panel.sourcesChanged();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Remembered | undefined): Promise<void> {
    if (state?.file === undefined) panel.dispose();
    else this.serve(panel, vscode.Uri.parse(state.file), null);
  }

  private serve(panel: vscode.WebviewPanel, file: vscode.Uri, run: string | null): void {
    const served = new ModelComparisonPanel(panel, file, run, this.services);
    this.panels.set(file.toString(), served);
    panel.onDidDispose(() => {
      served.dispose();
      this.panels.delete(file.toString());
    });
  }
}
