import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { readRun, rewardSteps } from '../../run/find';
import { plainLabel } from '../../base/pure/plainText';
import { viewOptions } from '../webviewHtml';
import { RunPanel, type RunPanelServices } from './runPanel';

type Reveal = Parameters<RunPanel['show']>[1];

/** The run panel: one view in the bottom panel, or where the person moved it, and any number of editor tabs. */
export class CurvesViews
  implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer<{ readonly folder?: string | null }>
{
  static readonly viewId = 'margin.curves';
  static readonly tabType = 'margin.run';
  private panel: RunPanel | null = null;
  /** The run to show when VS Code creates the view; undefined: the run that the view remembers. */
  private wanted: { readonly folder: string | null; readonly reveal: Reveal } | undefined;

  constructor(private readonly services: RunPanelServices) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    const panel = new RunPanel(view.webview, this.services, undefined, (name) => (view.description = plainLabel(name)));
    if (this.wanted) panel.show(this.wanted.folder, this.wanted.reveal);
    this.wanted = undefined;
    this.panel = panel;
    view.onDidDispose(() => {
      panel.dispose();
      if (this.panel === panel) this.panel = null;
    });
  }

  /** Shows a run in the bottom panel; null shows the newest. */
  async show(folder: string | null, reveal: Reveal = { tab: 'curves', key: null }): Promise<void> {
    if (this.panel) this.panel.show(folder, reveal);
    else this.wanted = { folder, reveal };
    await vscode.commands.executeCommand(`${CurvesViews.viewId}.focus`);
  }

  /**
   * Shows the reward of a pair in the newest run that has rewards for its dataset.
   *
   * @returns whether there is such a run
   */
  async showPair(dataset: string, key: string): Promise<boolean> {
    const target = await realpath(dataset).catch(() => dataset);
    for (const { folder } of await this.services.runs.ready()) {
      if ((await datasetOf(folder)) !== target || (await rewardSteps(folder)).length === 0) continue;
      await this.show(folder, { tab: 'pairs', key });
      return true;
    }
    return false;
  }

  openTab(folder: string | null): void {
    const tab = vscode.window.createWebviewPanel(
      CurvesViews.tabType,
      'Run',
      vscode.ViewColumn.Active,
      viewOptions(this.services.extension),
    );
    this.serve(tab, folder);
  }

  async deserializeWebviewPanel(
    tab: vscode.WebviewPanel,
    state: { readonly folder?: string | null } | undefined,
  ): Promise<void> {
    this.serve(tab, state?.folder ?? null);
  }

  private serve(tab: vscode.WebviewPanel, folder: string | null): void {
    tab.iconPath = new vscode.ThemeIcon('graph-line');
    const panel = new RunPanel(tab.webview, this.services, folder, (name) => (tab.title = plainLabel(name)));
    tab.onDidDispose(() => panel.dispose());
  }
}

/** Real path of the dataset of a run; null if the run cannot be read, which the Runs view shows, or has no dataset. */
async function datasetOf(folder: string): Promise<string | null> {
  try {
    return await realpath((await readRun(folder)).config.config.train_file);
  } catch {
    return null;
  }
}
