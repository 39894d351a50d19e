import * as vscode from 'vscode';
import { Channel, type Handlers } from '../../protocol/channel';
import type {
  RankedTokens,
  SetQuery,
  TokenRewardsHost,
  TokenRewardsState,
  TokenRewardsView,
} from '../../protocol/tokenRewards';
import type { Notices } from '../notices';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { FileSource } from './fileSource';
import { RunSource } from './runSource';
import { shownPair } from './shownPair';
import type { TokenSource } from './tokenSource';

export interface TokenRewardsServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  /** Opens a dataset at a row. */
  readonly openPair: (dataset: string, row: number) => Promise<void>;
  /** Scores all pairs of a run's dataset token by token, and shows the file. */
  readonly scoreAll: (source: RunSource) => Promise<void>;
}

/** Serves the tab with the rewards of the tokens of a pair, and of those of a whole file. */
export class TokenRewardsPanel implements vscode.Disposable {
  private readonly channel: Channel<TokenRewardsHost, TokenRewardsView>;
  private readonly trusted: vscode.Disposable;
  private revision = 0;

  constructor(
    readonly tab: vscode.WebviewPanel,
    private source: TokenSource,
    private readonly services: TokenRewardsServices,
  ) {
    const { webview } = tab;
    webview.options = viewOptions(services.extension);
    this.channel = new Channel(hostPort(webview), this.handlers());
    this.trusted = vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed());
    webview.html = viewHtml(webview, services.extension, 'tokenRewards', 'Token Rewards');
  }

  /** Shows another pair or file. */
  show(source: TokenSource): void {
    const old = this.source;
    this.source = source;
    if (old !== source) old.close().catch(this.services.notices.error);
    this.changed();
    this.tab.reveal();
  }

  dispose(): void {
    this.trusted.dispose();
    this.channel.dispose();
    this.source.close().catch(this.services.notices.error);
  }

  private handlers(): Handlers<TokenRewardsHost> {
    const { notices } = this.services;
    return {
      hello: () => this.state(),
      pair: async (_, signal) =>
        shownPair(await this.source.pair((news) => this.channel.emit('news', { news }), signal)),
      step: ({ step }) => {
        if (this.source instanceof RunSource) this.source.choose(step);
        return this.next();
      },
      go: ({ pair }) => {
        if (this.source instanceof FileSource) this.source.go(pair);
        return this.next();
      },
      tokens: (query) => this.tokens(query),
      examples: (query, signal) => (this.source instanceof FileSource ? this.source.examples(query, signal) : []),
      scoreAll: async () => {
        if (this.source instanceof RunSource) await this.services.scoreAll(this.source).catch(notices.error);
        return null;
      },
      openPair: async () => {
        const { place } = this.source;
        if (place) await this.services.openPair(place.dataset, place.row).catch(notices.error);
        return null;
      },
      trust: async () => {
        await vscode.commands.executeCommand('workbench.trust.manage');
        return null;
      },
    };
  }

  private tokens(query: SetQuery): RankedTokens | Promise<RankedTokens> {
    const none = { rewarded: [], punished: [], rare: 0, tokens: 0 };
    return this.source instanceof FileSource ? this.source.tokens(query) : none;
  }

  private state(): TokenRewardsState {
    return { ...this.source.state, revision: this.revision };
  }

  private next(): TokenRewardsState {
    this.revision++;
    return this.state();
  }

  private changed(): void {
    this.channel.emit('changed', this.next());
  }
}
