import { basename } from 'node:path';
import * as vscode from 'vscode';
import { errorMessage } from '../../base/pure/marginError';
import { marksName } from '../../pairs/marks/marksName';
import { Channel, type Handlers } from '../../protocol/channel';
import type {
  AgreementHost,
  AgreementSource,
  AgreementState,
  AgreementStatus,
  AgreementView,
  RatedQuery,
} from '../../protocol/agreement';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { watchFile } from '../pairEditor/watchFile';
import type { Readings } from '../reading/readings';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { findSources } from './findSources';
import { type FoundAgreement, runAgreement } from './runAgreement';

export interface AgreementServices {
  readonly extension: vscode.Uri;
  readonly editor: PairEditorProvider;
  readonly readings: Readings;
  readonly runFolders: () => Promise<readonly string[]>;
  readonly notices: Notices;
}

/** Pause after marks have changed before they are read again. */
const settleMs = 1000;

const none = { total: 0, open: 0, rows: [] };

/** Serves the view of how far the annotators of a dataset agree. */
export class AgreementPanel implements vscode.Disposable {
  private readonly channel: Channel<AgreementHost, AgreementView>;
  private sources: readonly AgreementSource[] = [];
  private status: AgreementStatus = { kind: 'reading', rows: 0 };
  private found: FoundAgreement | null = null;
  private revision = 0;
  private reading = new vscode.CancellationTokenSource();
  /** Whether marks have changed since they were read. */
  private stale = false;
  private pending: NodeJS.Timeout | null = null;
  private watching: readonly vscode.Disposable[] = [];

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly file: vscode.Uri,
    private readonly services: AgreementServices,
  ) {
    panel.webview.options = viewOptions(services.extension);
    panel.iconPath = new vscode.ThemeIcon('organization');
    this.channel = new Channel(hostPort(panel.webview), this.handlers());
    panel.onDidChangeViewState(() => panel.visible && this.stale && this.begin());
    panel.webview.html = viewHtml(panel.webview, services.extension, 'agreement', `Agreement of ${this.name}`);
    this.begin();
  }

  dispose(): void {
    this.reading.cancel();
    if (this.pending) clearTimeout(this.pending);
    for (const watcher of this.watching) watcher.dispose();
    this.channel.dispose();
  }

  private get name(): string {
    return basename(this.file.fsPath);
  }

  private handlers(): Handlers<AgreementHost> {
    return {
      hello: () => this.state(),
      choose: ({ ids }) => {
        this.sources = this.sources.map((source) => ({ ...source, chosen: ids.includes(source.id) }));
        this.begin();
        return null;
      },
      refresh: () => {
        this.begin();
        return null;
      },
      rows: ({ query, from, count }) => (this.found ? this.found.items.page(query, from, count) : none),
      open: async ({ row }) => {
        await this.services.editor.reveal(this.file, row).catch(this.services.notices.error);
        return null;
      },
      adjudicate: async (query) => {
        await this.adjudicate(query).catch(this.services.notices.error);
        return null;
      },
    };
  }

  private async adjudicate(query: RatedQuery): Promise<void> {
    if (this.found) await this.services.editor.adjudicate(this.file, this.found.items.adjudication(query));
  }

  private state(): AgreementState {
    const { name, sources, status, revision, found } = this;
    const nothing = { dimensions: [], work: [], notes: [] };
    const { dimensions, work, notes } = found ?? nothing;
    return { revision, file: name, uri: this.file.toString(), sources, status, dimensions, work, notes };
  }

  /** Reads the labels again; what was being read before is stopped. */
  private begin(): void {
    this.reading.cancel();
    const { token } = (this.reading = new vscode.CancellationTokenSource());
    this.stale = false;
    this.tell({ kind: 'reading', rows: 0 });
    this.read(token).catch((error: unknown) => {
      if (token.isCancellationRequested) return;
      this.found = null;
      this.tell({ kind: 'failed', message: errorMessage(error) });
    });
  }

  private async read(token: vscode.CancellationToken): Promise<void> {
    const { extension, readings, runFolders } = this.services;
    const sources = await findSources(this.file.fsPath, await runFolders());
    if (token.isCancellationRequested) return;
    // What a person chose stays chosen.
    const before = new Map(this.sources.map(({ id, chosen }) => [id, chosen]));
    this.sources = sources.map((source) => ({
      ...source,
      chosen: before.get(source.id) ?? (before.size === 0 && source.chosen),
    }));
    this.watch();
    const chosen = this.sources.filter((source) => source.chosen);
    if (chosen.length === 0) {
      this.found = null;
      return this.tell({ kind: 'failed', message: nothingChosen(this.sources) });
    }
    const reading = readings.of(this.file);
    const onRows = (rows: number): void => this.tell({ kind: 'reading', rows });
    const found = await runAgreement(extension, this.file.fsPath, reading, chosen, token, onRows);
    this.found = found;
    this.tell({ kind: 'ready' });
  }

  /** Watches the marks files, and that of the dataset, which the first decision creates. */
  private watch(): void {
    for (const watcher of this.watching) watcher.dispose();
    const files = this.sources.flatMap(({ id, kind }) => (kind === 'marks' ? id : []));
    const all = new Set([marksName(this.file.fsPath), ...files]);
    this.watching = [...all].map((file) => watchFile(vscode.Uri.file(file), () => this.marksChanged()));
  }

  /** Reads again: soon if a person sees the view, else when they come back. */
  private marksChanged(): void {
    this.stale = true;
    if (this.pending) clearTimeout(this.pending);
    this.pending = setTimeout(() => this.panel.visible && this.begin(), settleMs);
  }

  private tell(status: AgreementStatus): void {
    this.status = status;
    this.revision++;
    this.channel.emit('changed', { revision: this.revision });
  }
}

function nothingChosen(sources: readonly AgreementSource[]): string {
  const marks = 'Each reviewer who marks pairs is an annotator';
  return sources.length === 0
    ? `There are no labels to compare. ${marks}: review this dataset, or put the marks files of others beside it.`
    : 'Choose the marks files, columns or models whose labels you want to compare.';
}
