import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Notices } from '../notices';
import { scoreWholeRun } from './scoreWholeRun';
import { requireRuntimeOf } from '../runtimeOf';
import { viewOptions } from '../webviewHtml';
import { FileSource } from './fileSource';
import type { PairScorer } from './pairScorer';
import { RunSource } from './runSource';
import { TokenRewardsPanel } from './tokenRewardsPanel';
import type { PairPlace, TokenSource } from './tokenSource';

export interface TokenRewardsTabServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly scorer: PairScorer;
  readonly openPair: (dataset: string, row: number) => Promise<void>;
}

/** The tab with rewards of tokens. There is only one, which shows the newest request, like a preview tab. */
export class TokenRewardsTab implements vscode.Disposable {
  private panel: TokenRewardsPanel | null = null;

  constructor(private readonly services: TokenRewardsTabServices) {}

  /**
   * Shows a pair as the model of a run sees it. @param step null: the run's last
   * @throws MarginError `no-runtime`; as {@link RunSource.open}
   */
  async showPair(folder: string, step: number | null, place: PairPlace): Promise<void> {
    requireRuntimeOf(this.services.extension);
    this.show(await RunSource.open(folder, step, place, this.services.scorer));
  }

  /**
   * Shows a file of rewards.
   *
   * @param key of the pair to show; null: the first
   * @throws MarginError as {@link FileSource.open}; CancellationError
   */
  async showFile(path: string, key: string | null): Promise<void> {
    const { notices } = this.services;
    const stop = new AbortController();
    const source = await notices.progress(`Reading ${basename(path)}`, async (report, token) => {
      token.onCancellationRequested(() => stop.abort());
      return FileSource.open(path, (pairs) => pairs % 500 === 0 && report(`${pairs} pairs`, 0), stop.signal);
    });
    const found = key === null || source.goToKey(key);
    this.show(source);
    if (!found) await notices.info(`${basename(path)} has no rewards of the selected pair. It shows its first one.`);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private show(source: TokenSource): void {
    if (this.panel) return this.panel.show(source);
    const { extension } = this.services;
    const tab = vscode.window.createWebviewPanel(
      'margin.tokenRewards',
      'Token Rewards',
      vscode.ViewColumn.Active,
      viewOptions(extension),
    );
    tab.iconPath = new vscode.ThemeIcon('flame');
    const scoreAll = (run: RunSource): Promise<void> => this.scoreAll(run);
    const panel = new TokenRewardsPanel(tab, source, { ...this.services, scoreAll });
    this.panel = panel;
    tab.onDidDispose(() => {
      panel.dispose();
      this.panel = null;
    });
  }

  private async scoreAll(run: RunSource): Promise<void> {
    const { extension, notices } = this.services;
    const file = await scoreWholeRun(extension, notices, run.folder, run.chosen, run.config);
    await this.showFile(file, null);
  }
}
