import * as vscode from 'vscode';
import { errorMessage } from '../../base/pure/marginError';
import type { RowMeasures } from '../../jsonl/node/statistics/rowMeasures';
import type { Statistics } from '../../pairs/statistics/statistics';
import { Channel, type Handlers } from '../../protocol/channel';
import type { Scope, StatisticsHost, StatisticsState, StatisticsView } from '../../protocol/statistics';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import type { RunsModel } from '../runs/runsModel';
import { savedFor } from '../savedFor';
import { requireTrust } from '../train/requireTrust';
import { uriName } from '../uriName';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { countStatistics } from './countStatistics';
import { chartTokens, withTokens } from './chartTokens';
import { type KnownModel, knownModel } from './knownModel';
import { saveExport } from './saveExport';

/** The view gets at most one `changed` event in this many milliseconds. */
const settleMs = 100;

export interface StatisticsServices {
  readonly extension: vscode.Uri;
  readonly editor: PairEditorProvider;
  readonly measures: RowMeasures;
  readonly runs: RunsModel;
  readonly notices: Notices;
}

/** Serves the statistics of one file. Its rows are those of the pair editor, which it opens if it is closed. */
export class StatisticsPanel implements vscode.Disposable {
  private readonly channel: Channel<StatisticsHost, StatisticsView>;
  private statistics: Statistics | null = null;
  private scope: Scope = 'all';
  /** The filter of the rows that were counted. */
  private counted = '';
  private progress: number | null = null;
  private outdated = false;
  private error: string | null = null;
  private model: KnownModel | null = null;
  private counting = new AbortController();
  private following: vscode.Disposable | null = null;
  private pending: NodeJS.Timeout | null = null;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly uri: vscode.Uri,
    private readonly services: StatisticsServices,
  ) {
    const { extension } = services;
    panel.webview.options = viewOptions(extension);
    panel.iconPath = new vscode.ThemeIcon('graph');
    this.channel = new Channel(hostPort(panel.webview), this.handlers());
    panel.webview.html = viewHtml(panel.webview, extension, 'statistics', `Statistics of ${uriName(uri)}`);
  }

  /** Counts all rows, or those that the filter of the pair editor finds. */
  count(scope: Scope): void {
    this.counting.abort();
    const { signal } = (this.counting = new AbortController());
    this.run(
      this.countNow(scope, signal).catch((error: unknown) => {
        if (signal.aborted) return;
        this.error = errorMessage(error);
        this.progress = null;
        this.changed();
      }),
    );
  }

  dispose(): void {
    this.counting.abort();
    this.following?.dispose();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
  }

  private async countNow(scope: Scope, signal: AbortSignal): Promise<void> {
    this.scope = scope;
    this.progress = 0;
    this.error = null;
    this.changed();
    const view = await this.services.editor.viewOf(this.uri, 'behind');
    this.follow(view.document.lines, view.open.marks);
    const filter = scope === 'all' ? '' : view.view.filter;
    this.model = await knownModel(this.uri.fsPath, this.services.runs);
    this.outdated = false;
    const statistics = await countStatistics(view, this.services.measures, {
      filter,
      tokens: this.model
        ? `Tokens are not counted yet: count them with ${this.model.name}.`
        : 'Tokens depend on a model, and neither a run nor a *.train.json of the workspace names this file.',
      signal,
      onProgress: (share) => {
        this.progress = share;
        this.changed();
      },
    });
    signal.throwIfAborted();
    Object.assign(this, { statistics, counted: filter, progress: null });
    this.changed();
  }

  private follow(
    lines: { onDidChange(listener: (change: { readonly kind: string }) => void): () => void },
    marks: { readonly onDidChange: vscode.Event<unknown> },
  ): void {
    this.following?.dispose();
    const outdate = (): void => {
      this.outdated = true;
      this.changed();
    };
    const stop = lines.onDidChange(({ kind }) => (kind === 'edited' || kind === 'reverted') && outdate());
    this.following = vscode.Disposable.from({ dispose: stop }, marks.onDidChange(outdate));
  }

  private handlers(): Handlers<StatisticsHost> {
    const { editor, notices } = this.services;
    return {
      hello: () => {
        if (this.statistics === null && this.progress === null) this.count(this.scope);
        return this.state();
      },
      count: ({ scope }) => (this.count(scope), null),
      cancel: () => {
        this.counting.abort();
        this.progress = null;
        this.changed();
        return null;
      },
      countTokens: async () => (await this.tokens(), null),
      open: async ({ query }) => {
        const view = await editor.viewOf(this.uri);
        view.show({ filter: this.counted === '' ? query : `(${this.counted}) (${query})` });
        return null;
      },
      reveal: async ({ row }) => {
        (await editor.viewOf(this.uri)).reveal(row);
        return null;
      },
      save: (exported) => saveExport(this.uri, exported, notices),
    };
  }

  /** Counts tokens, in another process and of the saved file. */
  private async tokens(): Promise<void> {
    requireTrust();
    const { model, statistics, counted: filter } = this;
    const { extension, notices, editor } = this.services;
    if (!model || !statistics || !(await savedFor(notices, this.uri.fsPath, 'Save and Count'))) return;
    const { reading } = (await editor.viewOf(this.uri, 'behind')).document;
    const asked = { file: this.uri.fsPath, model: model.path, filter, reading };
    const charts = await chartTokens(extension, notices, asked);
    // Rows that were counted again in the meantime have their own statistics.
    if (this.statistics === statistics) this.statistics = withTokens(statistics, charts);
    this.changed();
  }

  private state(): StatisticsState {
    const { scope, statistics, progress, outdated, error, model } = this;
    return {
      name: uriName(this.uri),
      scope,
      filter: this.counted,
      statistics,
      progress,
      outdated,
      error,
      model: model && model.name,
    };
  }

  private changed(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.channel.emit('changed', this.state());
    }, settleMs);
  }

  private run(promise: Promise<unknown>): void {
    promise.catch(this.services.notices.error);
  }
}
