import { basename } from 'node:path';
import * as vscode from 'vscode';
import { at } from '../../base/pure/must';
import { errorMessage } from '../../base/pure/marginError';
import type { ValueMeasure } from '../../pairs/comparison/valueMeasure';
import { Channel, type Handlers } from '../../protocol/channel';
import {
  type ComparedPage,
  type ComparedQuery,
  type ModelComparisonHost,
  type ModelComparisonState,
  type ModelComparisonStatus,
  type ModelComparisonView,
  type ModelSource,
  mostSlices,
} from '../../protocol/modelComparison';
import { PromptLookup } from '../runPanel/promptLookup';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import type { ModelComparisonServices } from './modelComparisonPanels';
import { firstChoice, modelSources } from './modelSources';
import type { FoundComparison } from './comparisonLines';
import { runComparison } from './runComparison';
import { sliceColumns } from './sliceColumns';

/** The view gets at most one `changed` event in this many milliseconds while pairs are counted. */
const settleMs = 100;
const fewModels =
  'Choose two or more models. Scored steps of runs and scorings of this file are listed; Score with a Model adds one.';

/** Serves the view that compares models on one file. */
export class ModelComparisonPanel implements vscode.Disposable {
  private readonly channel: Channel<ModelComparisonHost, ModelComparisonView>;
  private sources: readonly ModelSource[] = [];
  private columns: readonly string[] = [];
  private status: ModelComparisonStatus = { kind: 'reading', pairs: 0 };
  private measure: ValueMeasure = 'reward';
  private slice: string | null = null;
  private found: FoundComparison | null = null;
  private prompts: PromptLookup;
  private revision = 0;
  private reading = new vscode.CancellationTokenSource();
  private told = 0;

  /** @param run the folder of the run to begin with; null: the newest */
  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly file: vscode.Uri,
    private readonly run: string | null,
    private readonly services: ModelComparisonServices,
  ) {
    const { webview } = panel;
    webview.options = viewOptions(services.extension);
    panel.iconPath = new vscode.ThemeIcon('law');
    this.prompts = new PromptLookup(file.fsPath, services.readings.of(file));
    this.channel = new Channel(hostPort(webview), this.handlers());
    webview.html = viewHtml(webview, services.extension, 'modelComparison', `Models on ${basename(file.fsPath)}`);
    this.begin();
  }

  /** There may be newer rewards: lists them, and keeps the comparison. */
  sourcesChanged(): void {
    this.list().then(
      () => this.tell(this.status),
      (error: unknown) => this.services.notices.error(error),
    );
  }

  dispose(): void {
    this.reading.cancel();
    this.prompts.close().catch(this.services.notices.error);
    this.channel.dispose();
  }

  private handlers(): Handlers<ModelComparisonHost> {
    const { notices, actions } = this.services;
    const again = (change: () => void): null => {
      change();
      this.begin();
      return null;
    };
    const act = async (promise: Promise<void>): Promise<null> => {
      await promise.catch(notices.error);
      return null;
    };
    return {
      hello: () => this.state(),
      choose: ({ ids }) => again(() => this.choose(ids)),
      measure: ({ measure }) => again(() => (this.measure = measure)),
      slice: ({ key }) => again(() => (this.slice = key)),
      refresh: () => again(() => undefined),
      otherSlice: async () => {
        const key = await actions.askColumn();
        return key === null ? null : again(() => (this.slice = key));
      },
      score: () => act(this.score()),
      rows: ({ query, from, count }) => this.page(query, from, count),
      open: ({ row, key }) => act(this.services.editor.reveal(this.file, row, key)),
      showInEditor: (query) => act(this.inEditor(query)),
      save: ({ table }) => act(this.found ? actions.saveTable(this.file, this.found.result, table) : Promise.resolve()),
      savePairs: (query) => act(this.savePairs(query)),
    };
  }

  private choose(ids: readonly string[]): void {
    this.sources = this.sources.map((source) => ({ ...source, chosen: ids.includes(source.id) }));
  }

  /** Scores the file with another model, and compares it with the others. */
  private async score(): Promise<void> {
    const scored = await this.services.actions.score(this.file, this.measure);
    if (!scored) return;
    if (!scored.hasReference && this.measure === 'reward') this.measure = 'avg';
    await this.list();
    this.choose(this.sources.flatMap(({ id, chosen }) => (chosen || basename(id) === scored.file ? id : [])));
    this.begin();
  }

  private async inEditor(query: ComparedQuery): Promise<void> {
    if (this.found) await this.services.actions.showInEditor(this.file, this.found, query);
  }

  private async savePairs(query: ComparedQuery): Promise<void> {
    if (this.found) await this.services.actions.savePairs(this.file, await this.found.pairs.csv(query));
  }

  private async page(query: ComparedQuery, from: number, count: number): Promise<ComparedPage> {
    const { found, prompts } = this;
    // A query of a comparison that has ended may arrive after the next one began.
    if (!found || Math.max(query.first, query.second) >= found.names.length) return { total: 0, rows: [] };
    const { total, rows } = await found.pairs.page(query, from, Math.min(count, mostRows));
    const texts = await prompts.prompts(rows);
    return { total, rows: rows.map((row, i) => ({ ...row, prompt: at(texts, i) })) };
  }

  private state(): ModelComparisonState {
    const { revision, sources, status, measure, columns, slice, found } = this;
    const file = { file: basename(this.file.fsPath), uri: this.file.toString() };
    const head = { revision, ...file, sources, status, measure, columns };
    if (!found) return { ...head, slice, names: [], result: null, moreSlices: 0, leftOut: null };
    const { names, result, leftOut } = found;
    const { slices = [], ...others } = result;
    const sent = slices.length === 0 ? others : { ...others, slices: slices.slice(0, mostSlices) };
    const moreSlices = Math.max(0, slices.length - mostSlices);
    // A file without a chosen column may be divided by RewardBench's.
    const divided = slice ?? result.slice_key ?? null;
    return { ...head, slice: divided, names, result: sent, moreSlices, leftOut };
  }

  /** Compares again; what was being compared before is stopped. */
  private begin(): void {
    this.reading.cancel();
    const { token } = (this.reading = new vscode.CancellationTokenSource());
    this.tell({ kind: 'reading', pairs: 0 });
    this.compare(token).catch((error: unknown) => {
      if (token.isCancellationRequested) return;
      this.found = null;
      this.tell({ kind: 'failed', message: errorMessage(error) });
    });
  }

  private async compare(token: vscode.CancellationToken): Promise<void> {
    const { extension, readings } = this.services;
    await this.list();
    this.columns = await sliceColumns(this.file.fsPath);
    if (token.isCancellationRequested) return;
    const models = this.sources.filter(({ chosen }) => chosen);
    if (models.length < 2) {
      this.found = null;
      return this.tell({ kind: 'failed', message: fewModels });
    }
    const { measure, slice } = this;
    const compared = { file: this.file.fsPath, reading: readings.of(this.file), models, measure, slice };
    this.found = await runComparison(extension, compared, token, (pairs) => {
      if (Date.now() - this.told > settleMs) this.tell({ kind: 'reading', pairs });
    });
    this.tell({ kind: 'ready' });
  }

  /** Reads which models there are. What a person chose stays chosen. */
  private async list(): Promise<void> {
    const found = await modelSources(this.file.fsPath, await this.services.runFolders());
    const chosen = new Set(this.sources.flatMap((source) => (source.chosen ? source.id : [])));
    const first = this.sources.length === 0 ? firstChoice(found, this.run) : [];
    this.sources = found.map((source) => ({ ...source, chosen: chosen.has(source.id) || first.includes(source.id) }));
  }

  private tell(status: ModelComparisonStatus): void {
    this.status = status;
    this.told = Date.now();
    this.revision++;
    this.channel.emit('changed', { revision: this.revision });
  }
}

/** Most rows of a page. */
const mostRows = 200;
