import * as vscode from 'vscode';
import { Gate } from '../base/pure/gate';
import { facetCounts } from '../editor/facetCounts';
import type { FileReadings } from '../editor/fileReadings';
import { TypedText } from '../editor/typedText';
import { ViewSearch } from '../editor/viewSearch';
import type { DocumentChange } from '../jsonl/documentChange';
import { asLayout, type ListLayout, usualLayout, withoutColumn } from '../pairs/listColumns/layout';
import type { PairEdit } from '../pairs/pairEdits';
import type { TurnEdit } from '../pairs/turnEdits';
import { Channel, type Handlers } from '../protocol/channel';
import type { Overview, PairEditorHost, PairEditorView, View } from '../protocol/pairEditor';
import type { Facet } from '../protocol/facets';
import { browserOverview, rowDetail, summariesOf } from './browserPages';
import { isKnown, refuseUnknown } from './browserQuery';
import { desktopHandlers } from './desktopHandlers';
import { namedFile } from './namedFile';
import type { OpenFile } from './openFile';
import { pageOf, portOf } from './webviewPage';

/** The view gets at most one `changed` event in this many milliseconds. */
const settleMs = 100;
/** A save waits for a view at most this long. */
const settledMs = 2000;
const layoutKey = 'listColumns';

export interface BrowserViewServices {
  readonly extension: vscode.Uri;
  readonly memory: vscode.Memento;
  readonly readings: FileReadings;
  readonly failed: (error: unknown) => void;
}

/** Serves one webview of a document in the browser: pages of rows, details, edits. */
export class BrowserView implements vscode.Disposable {
  private awaited: number | null = null;
  private view: View = { filter: '', sort: 'row', descending: false, rewards: null, before: null };
  private readonly search: ViewSearch;
  private listRevision = 0;
  private readonly greeted = new Gate();
  private pending: ReturnType<typeof setTimeout> | null = null;
  private readonly channel: Channel<PairEditorHost, PairEditorView>;
  private readonly typed: TypedText;
  private readonly stop: () => void;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly open: OpenFile,
    private readonly services: BrowserViewServices,
  ) {
    const { document, findings, searched } = open;
    const { extension, failed } = services;
    this.search = new ViewSearch(this.view, searched, {
      areChecked: () => findings.areKnown,
      replaced: () => this.listRevision++,
      progressed: () => this.changed(),
      failed,
    });
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')],
    };
    this.channel = new Channel(portOf(panel.webview), this.handlers());
    this.typed = new TypedText((...typed) => this.run(document.apply(...typed)));
    this.channel.on('typed', ({ edit, revision }) => this.typed.take(edit, revision));
    this.channel.on('columns', (layout) => this.run(services.memory.update(layoutKey, layout)));
    panel.onDidChangeViewState(() => panel.visible || (this.greeted.close(), this.typed.flush()));
    this.stop = document.lines.onDidChange((change) => this.follow(change));
    panel.webview.html = pageOf(panel.webview, extension, document.uri);
  }

  /** Selects a row: at once if the view is open, else when it says hello. */
  reveal(row: number): void {
    this.awaited = row;
    this.channel.emit('reveal', { row, pair: 0 });
  }

  /** Passes a command to the view. It waits until the view says hello: VS Code makes a hidden view again. */
  act(name: PairEditorHost['events']['act']['name']): void {
    this.run(this.greeted.passed.then(() => this.channel.emit('act', { name })));
  }

  /** Passes an edit of a turn to the view, which draws it. `revision`: the one that the person saw. */
  editTurn(edit: TurnEdit, revision: number): void {
    this.channel.emit('editTurn', { revision, edit });
  }

  /** Settles when the document has all edits of this view so far, so that a save writes them. */
  async settled(): Promise<void> {
    // A view that was closed or does not respond sends nothing more.
    const settled = this.channel.request('settled', null).catch(() => null);
    const patience = new Promise((resolve) => setTimeout(resolve, settledMs));
    if (this.panel.visible) await Promise.race([settled, patience]);
    this.typed.flush();
  }

  /** Called when rows were checked. @param all whether the problems of the whole file are known now */
  checked(all: boolean): void {
    if (all) {
      this.listRevision++;
      this.run(this.search.factsChanged('problems'));
    }
    this.changed();
  }

  /** Called when the rows are read in another way: then all of them change. */
  readingChanged(): void {
    this.listRevision++;
    this.run(this.search.again());
    this.changed();
  }

  dispose(): void {
    this.typed.dispose();
    this.stop();
    this.search.stop();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
  }

  private get layout(): ListLayout {
    return asLayout(this.services.memory.get(layoutKey)) ?? withoutColumn(usualLayout, 'margin');
  }

  /** Does not wait for a promise, but shows its error. */
  private run(promise: PromiseLike<unknown>): void {
    promise.then(undefined, this.services.failed);
  }

  private handlers(): Handlers<PairEditorHost> {
    const { open } = this;
    const { document, scan } = open;
    return {
      ...desktopHandlers(document, this.services.extension),
      setPairRule: async ({ rule }) => (await this.services.readings.chooseRule(namedFile(document.uri), rule), null),
      hello: () => {
        const reveal = this.awaited === null ? null : { row: this.awaited, pair: 0 };
        this.awaited = null;
        // Commands wait until the answer is sent, because the view can only act on rows that it shows.
        setTimeout(() => this.greeted.open(), 0);
        return { overview: this.overview(), reveal, columns: this.layout };
      },
      setView: async (view, signal) => {
        refuseUnknown(view);
        this.view = view;
        await this.search.find(view, signal);
        return this.overview();
      },
      setChecking: ({ on }) => {
        scan.setOn(on);
        return this.overview();
      },
      facets: ({ fields, most }, signal) => this.facets(fields, most, signal),
      rows: async ({ from, count, columns }) => ({
        revision: document.lines.revision,
        rows: await summariesOf(open, this.search.shown, from, count, columns),
      }),
      detail: ({ row }) => ((this.awaited = null), rowDetail(open, row)),
      position: ({ row }) => this.search.shown.placeOf(row),
      edit: async ({ edit, revision }) => ({ row: await this.edit(edit, revision), overview: this.overview() }),
    };
  }

  private async facets(fields: readonly string[], most: number, signal: AbortSignal): Promise<readonly Facet[]> {
    const counted = { shown: this.search.shown, ...this.open.searched };
    const known = fields.filter(isKnown);
    const found = await facetCounts(counted, known, most, signal, (soFar) => this.channel.emit('facetsSoFar', soFar));
    return [...found, ...fields.filter((field) => !isKnown(field)).map((field) => ({ field, values: [], more: 0 }))];
  }

  /** Applies an edit. @returns the row to select: after a deletion, the next one of the list; 0 if no row is left */
  private async edit(edit: PairEdit, revision: number): Promise<number> {
    const place = this.search.shown.placeOf(edit.row) ?? 0;
    const row = await this.open.document.apply(edit, revision, this.typed.leave(edit, revision));
    if (row !== null && edit.kind !== 'delete') return row;
    const { shown } = this.search;
    const [next] = shown.page(Math.min(place, Math.max(0, shown.length - 1)), 1);
    return next ?? 0;
  }

  private follow(change: DocumentChange): void {
    if (change.kind === 'edited') this.search.apply(change.edit);
    else if (change.kind === 'reverted') this.run(this.search.again());
    this.listRevision++;
    this.changed();
  }

  private changed(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.channel.emit('changed', this.overview());
    }, settleMs);
  }

  private overview(): Overview {
    return browserOverview(this.open, this.search, this.listRevision);
  }
}
