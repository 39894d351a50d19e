import * as vscode from 'vscode';
import { uriName } from '../uriName';
import { viewOptions } from '../webviewHtml';
import { StatisticsPanel, type StatisticsServices } from './statisticsPanel';

/** The statistics of files, each in a tab of its own beside the pair editor. */
export class StatisticsPanels implements vscode.Disposable {
  static readonly viewType = 'margin.statistics';
  private readonly panels = new Map<string, StatisticsPanel>();

  constructor(private readonly services: StatisticsServices) {}

  /** Shows the statistics of a file, and counts its rows. */
  show(file: vscode.Uri): void {
    const key = file.toString();
    const known = this.panels.get(key);
    if (known) {
      known.panel.reveal();
      return known.count('all');
    }
    const tab = vscode.window.createWebviewPanel(
      StatisticsPanels.viewType,
      `Statistics of ${uriName(file)}`,
      vscode.ViewColumn.Beside,
      viewOptions(this.services.extension),
    );
    const panel = new StatisticsPanel(tab, file, this.services);
    this.panels.set(key, panel);
    tab.onDidDispose(() => {
      panel.dispose();
      this.panels.delete(key);
    });
  }

  dispose(): void {
    for (const { panel } of this.panels.values()) panel.dispose();
  }
}
