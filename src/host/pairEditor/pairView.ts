import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Gate } from '../../base/pure/gate';
import type { DocumentChange } from '../../jsonl/documentChange';
import type { PairEdit } from '../../pairs/pairEdits';
import type { TurnEdit } from '../../pairs/turnEdits';
import { Channel, type Handlers } from '../../protocol/channel';
import type { Overview, PairEditorHost, PairEditorView, Place, View } from '../../protocol/pairEditor';
import { uriName } from '../uriName';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { compareHandlers } from '../compare/compareHandlers';
import type { ComparisonChange } from '../compare/documentComparison';
import { facetCounts } from '../../editor/facetCounts';
import { fileHandlers } from './fileHandlers';
import { overviewOf } from './overview';
import { bulkHandlers, ViewBulk } from '../bulk/viewBulk';
import { ViewReview } from '../review/viewReview';
import type { PairDocument } from './pairDocument';
import type { PairViewServices } from './pairViewServices';
import { hasSameRewards, ViewRewards } from './node/viewRewards';
import { type OpenParts, prepareView, searchedRows } from './viewFacts';
import { rowHandlers } from './rowHandlers';
import { RowPages } from './rowPages';
import { NumberColumn } from './numberColumn';
import type { SearchedRows } from '../../editor/rowSearch';
import type { ShownRows } from '../../editor/shownRows';
import { TypedText } from '../../editor/typedText';
import { ViewColumns } from './viewColumns';
import { ViewSearch } from '../../editor/viewSearch';
import { tokenHandlers } from '../tokens/tokenHandlers';

/** The view gets at most one `changed` event in this many milliseconds. */
const settleMs = 100;
/** A save waits for a view at most this long. */
const settledMs = 2000;

/** Serves one webview of a document: pages of rows, details, edits. Each view has its own filter and sorting. */
export class PairView implements vscode.Disposable {
  private place: Place = { row: 0, pair: 0 };
  /** What to select when the view says hello. */
  private awaited: Place | null = null;
  view: View = { filter: '', sort: 'row', descending: false, rewards: null, before: null };
  private readonly search: ViewSearch;
  /** {@link Overview.listRevision} */
  private listRevision = 0;
  private readonly greeted = new Gate();
  /** Opened when all rows are scanned. */
  private readonly complete = new Gate();
  private readonly rewards: ViewRewards;
  readonly pages: RowPages;
  readonly columns: ViewColumns;
  readonly review: ViewReview;
  readonly bulk: ViewBulk;
  readonly searched: SearchedRows;
  private readonly margins = new NumberColumn((row) => this.rewards.marginOf(() => this.open.scan.identityAt(row)));
  private pending: NodeJS.Timeout | null = null;
  private readonly channel: Channel<PairEditorHost, PairEditorView>;
  private readonly typed: TypedText;
  private readonly stop: vscode.Disposable;
  private readonly shown = (): ShownRows => this.search.shown;
  private readonly refuseIfBlind = (): void => this.review.refuseIfBlind();

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly open: OpenParts,
    private readonly services: PairViewServices,
  ) {
    const { document, scan, findings, marks, comparison } = open;
    this.rewards = new ViewRewards(document.uri.fsPath, services);
    this.pages = new RowPages(open, this.rewards);
    this.searched = searchedRows({ ...open, rewards: this.rewards, margins: this.margins }, services.pageSearch);
    this.search = new ViewSearch(this.view, this.searched, {
      areChecked: () => findings.areKnown,
      replaced: () => this.listRevision++,
      progressed: () => this.changed(),
      failed: services.notices.error,
    });
    if (scan.isComplete) this.complete.open();
    panel.webview.options = viewOptions(services.extension);
    this.channel = new Channel(hostPort(panel.webview), this.handlers());
    this.columns = new ViewColumns(services.keptColumns, this.channel, services.notices.error);
    this.channel.on('selected', (place) => (this.place = place));
    this.typed = new TypedText((...typed) => this.run(document.apply(...typed)));
    const ofView = { panel, document, marks, channel: this.channel, shown: this.shown };
    this.review = new ViewReview({
      ...ofView,
      pages: this.pages,
      typed: this.typed,
      problemsAt: (row) => scan.facts.problemsAt(row) + findings.related(row).length,
      notices: services.notices,
      scanned: this.complete.passed,
      view: () => this.view,
      select: (row) => this.reveal(row),
    });
    this.bulk = new ViewBulk({
      ...ofView,
      services,
      refuseIfBlind: this.refuseIfBlind,
      order: () => this.search.order,
    });
    this.channel.on('typed', ({ edit, revision }) => this.typed.take(edit, revision));
    panel.onDidChangeViewState(() => panel.visible || (this.greeted.close(), this.typed.flush()));
    const stopMarks = marks.onDidChange(() => (this.listRevision++, this.review.changed(), this.changed()));
    const stopCompared = comparison.onDidChange((change) => this.compared(change));
    const stopWindows = open.windows.onDidChange(() => this.changed());
    const stopLines = document.lines.onDidChange((change) => this.follow(change));
    this.stop = vscode.Disposable.from(stopMarks, stopCompared, stopWindows, { dispose: stopLines });
    panel.webview.html = viewHtml(panel.webview, services.extension, 'pairEditor', `Pairs of ${uriName(document.uri)}`);
  }

  get document(): PairDocument {
    return this.open.document;
  }

  get selected(): Place {
    return this.place;
  }

  /** Selects a row, and a pair if it is a list: at once if the view is open, else when it says hello. */
  reveal(row: number, pair = 0): void {
    this.place = { row, pair };
    this.awaited = this.place;
    this.channel.emit('reveal', this.place);
  }

  /** Moves the focus into the view. After an input box, VS Code may focus only its frame, and keys do nothing. */
  focus(): void {
    this.panel.reveal();
  }

  /** Passes a command to the view. It waits until the view says hello: VS Code makes a hidden view again. */
  act(name: PairEditorHost['events']['act']['name']): void {
    this.run(this.greeted.passed.then(() => this.channel.emit('act', { name })));
  }

  /** Sets parts of the view. */
  show(part: Partial<View>): void {
    this.run(this.greeted.passed.then(() => this.channel.emit('show', part)));
  }

  /** Settles when the document has all edits of this view so far, so that a save writes them. */
  async settled(): Promise<void> {
    // A view that was closed or does not respond sends nothing more.
    const settled = this.channel.request('settled', null).catch(() => null);
    if (this.panel.visible) await Promise.race([settled, sleep(settledMs)]);
    this.typed.flush();
  }

  /** Passes an edit of a turn to the view, which draws it. `revision`: the one that the person saw. */
  editTurn(edit: TurnEdit, revision: number): void {
    this.channel.emit('editTurn', { revision, edit });
  }

  /** Sorts by margin, the lowest first. Waits until the keys of all rows are known: before, a row has no margin. */
  sortByMargin(): void {
    const known = this.complete.passed.then(() => this.open.scan.keysKnown());
    this.run(known.then(() => this.act('sortByMargin')));
  }

  /** Called when the scan of the rows has made progress. */
  scanned(): void {
    this.margins.clear();
    if (this.open.scan.isComplete) this.complete.open();
    this.review.changed();
    this.changed();
  }

  /** Called when the file was checked: rows may have further problems. */
  checked(): void {
    this.listRevision++;
    this.run(this.search.factsChanged('problems'));
    this.changed();
  }

  /** Called when the comparison with another file has made progress. */
  private compared(change: ComparisonChange): void {
    if (change !== 'progress') this.listRevision++;
    if (change === 'started') this.run(this.search.factsChanged('comparison'));
    this.changed();
  }

  /** Called when the rows are read in another way: then all of them change. */
  readingChanged(): void {
    this.margins.clear();
    this.listRevision++;
    this.run(this.search.again());
    this.changed();
  }

  /** Called when the tokens of rows may be other ones. */
  tokensChanged(): void {
    this.run(this.search.tokensChanged());
    this.channel.emit('tokensChanged', null);
  }

  /** Called when a run of the workspace has written rewards. */
  rewardsChanged(): void {
    this.run(this.reloadRewards());
  }

  dispose(): void {
    this.typed.dispose();
    this.review.dispose();
    this.stop.dispose();
    this.search.stop();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
  }

  /** Does not wait for a promise, but shows its error. */
  private run(promise: Promise<unknown>): void {
    promise.catch(this.services.notices.error);
  }

  private async reloadRewards(): Promise<void> {
    await this.loadRewards(this.view);
    this.listRevision++;
    await this.search.factsChanged('rewards');
    this.changed();
  }

  private async loadRewards(view: View): Promise<void> {
    await this.rewards.load(view);
    if (this.rewards.areLoaded) this.open.scan.wantKeys();
    this.margins.clear();
  }

  private handlers(): Handlers<PairEditorHost> {
    const { pages, shown, refuseIfBlind } = this;
    const { lines } = this.document;
    const parts = { ...this.open, services: this.services, overview: () => this.overview() };
    return {
      ...fileHandlers(parts),
      ...compareHandlers(parts),
      ...bulkHandlers(() => this.bulk),
      ...rowHandlers({ lines, pages, shown, refuseIfBlind, selected: () => (this.awaited = null) }),
      hello: async () => {
        const reveal = this.awaited;
        this.awaited = null;
        await this.loadRewards(this.view);
        // Commands wait until the answer is sent, because the view can only act on rows that it shows.
        setImmediate(() => (this.greeted.open(), this.review.resend()));
        return { overview: this.overview(), reveal, columns: this.columns.layout };
      },
      setView: async (view, signal) => {
        await prepareView(view, this.open);
        await (hasSameRewards(view, this.view) ? this.rewards.prepare(view) : this.loadRewards(view));
        this.view = view;
        await this.search.find(view, signal);
        return this.overview();
      },
      facets: ({ fields, most }, signal) =>
        facetCounts({ shown: shown(), ...this.searched }, fields, most, signal, (soFar) =>
          this.channel.emit('facetsSoFar', soFar),
        ),
      ...tokenHandlers(
        this.open,
        (share) => this.channel.emit('tokenProgress', share),
        refuseIfBlind,
        () => (this.listRevision++, this.changed()),
      ),
      review: async (input) => (await this.review.take(input), null),
      edit: async ({ edit, revision }) => ({ row: await this.edit(edit, revision), overview: this.overview() }),
    };
  }

  /** Applies an edit. @returns the row to select: after a deletion, the next one of the list; 0 if no row is left */
  private async edit(edit: PairEdit, revision: number): Promise<number> {
    // If the filter hides the row, the first row of the list is selected.
    const place = this.shown().placeOf(edit.row) ?? 0;
    const row = await this.document.apply(edit, revision, this.typed.leave(edit, revision));
    if (row !== null && edit.kind !== 'delete') return row;
    const { shown } = this.search;
    const [next] = shown.page(Math.min(place, Math.max(0, shown.length - 1)), 1);
    return next ?? 0;
  }

  private follow(change: DocumentChange): void {
    this.margins.clear();
    this.review.follow(change);
    if (change.kind === 'edited') this.search.apply(change.edit);
    else if (change.kind === 'reverted') this.run(this.document.kindKnown.then(() => this.search.again()));
    else this.search.grow(this.document.lines.rowCount);
    // Reading on only adds rows.
    if (change.kind !== 'grown' && change.kind !== 'indexed') this.listRevision++;
    this.changed();
  }

  private changed(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.channel.emit('changed', this.overview());
    }, settleMs);
  }

  private overview(): Overview {
    const { search, rewards, listRevision } = this;
    return overviewOf({ ...this.open, search, rewards, listRevision });
  }
}
