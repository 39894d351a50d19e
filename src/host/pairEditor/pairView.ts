import * as vscode from 'vscode';
import { errorMessage } from '../../base/pure/marginError';
import type { DocumentChange } from '../../jsonl/documentChange';
import type { PairEdit } from '../../pairs/pairEdits';
import type { PairResult } from '../../pairs/readPair';
import { Channel, type Handlers } from '../../protocol/channel';
import type {
  Overview,
  PairEditorHost,
  PairEditorView,
  RewardChoice,
  RowReward,
  RowSummary,
  View,
} from '../../protocol/pairEditor';
import type { CommandId } from '../commands/commandIds';
import type { Notices } from '../notices';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import type { FileFindings } from './fileFindings';
import type { PairDocument } from './pairDocument';
import { identityOf } from './node/identityOf';
import { joinRewards, rewardChoices, type JoinedRewards } from './node/rewards';
import { rewardOf, type RowIdentity } from './rowIdentity';
import type { RowScan } from './rowScan';
import { detailOf, type RowPlace, summaryOf } from './rowView';
import { runsOf } from './neighbours';
import { ShownRows } from './shownRows';
import { Slices } from './slices';
import { TypedText } from './typedText';

/** A page has at most this many rows. */
const maxPage = 200;
/** The view gets at most this many findings, because nobody reads more. */
const maxFindings = 30;
/** The view gets at most one `changed` event in this many milliseconds. */
const settleMs = 100;

type Act = PairEditorHost['events']['act']['name'];
type Command = PairEditorHost['requests']['command']['params']['name'];

export interface PairViewServices {
  readonly extension: vscode.Uri;
  readonly runFolders: () => Promise<readonly string[]>;
  readonly notices: Notices;
}

/** Serves one webview of a document: pages of rows, details, edits. Each view has its own filter and sorting. */
export class PairView implements vscode.Disposable {
  private row = 0;
  /** A row to select when the view says hello. */
  private awaited: number | null = null;
  private view: View = { filter: '', sort: 'row', descending: false, rewards: null };
  private shown: ShownRows;
  /** Whether `shown` was made before all rows were scanned. */
  private stale = false;
  private greet: () => void = () => undefined;
  private readonly greeted = new Promise<void>((resolve) => (this.greet = resolve));
  private completed: () => void = () => undefined;
  /** Settles when all rows are scanned. */
  private readonly complete = new Promise<void>((resolve) => (this.completed = resolve));
  private searches = 0;
  private rewards: JoinedRewards | null = null;
  /** Why no rewards are shown, in a sentence. */
  private notice: string | null = null;
  private choices: readonly RewardChoice[] = [];
  private pending: NodeJS.Timeout | null = null;
  private readonly channel: Channel<PairEditorHost, PairEditorView>;
  private readonly typed: TypedText;
  private readonly stop: () => void;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly document: PairDocument,
    private readonly scan: RowScan,
    private readonly findings: FileFindings,
    private readonly services: PairViewServices,
  ) {
    this.shown = ShownRows.all(document.lines.rowCount);
    if (scan.isComplete) this.completed();
    panel.webview.options = viewOptions(services.extension);
    this.channel = new Channel(hostPort(panel.webview), this.handlers());
    this.channel.on('selected', ({ row }) => (this.row = row));
    this.typed = new TypedText((edit, revision, joins) => {
      document.apply(edit, revision, joins).catch(services.notices.error);
    });
    this.channel.on('typed', ({ edit, revision }) => this.typed.take(edit, revision));
    panel.onDidChangeViewState(() => panel.visible || this.typed.flush());
    this.stop = document.lines.onDidChange((change) => this.follow(change));
    panel.webview.html = viewHtml(panel.webview, services.extension, 'pairEditor', 'Pairs');
  }

  get selected(): number {
    return this.row;
  }

  /** Selects a row: at once if the view is open, else when it says hello. */
  reveal(row: number): void {
    this.row = row;
    this.awaited = row;
    this.channel.emit('reveal', { row });
  }

  /**
   * Moves the focus into the view. After an input box, VS Code may focus only the frame around it, and keys do nothing.
   */
  focus(): void {
    this.panel.reveal();
  }

  /** Passes a command to the view. A command right after opening waits until the view says hello. */
  act(name: Act): void {
    this.run(this.greeted.then(() => this.channel.emit('act', { name })));
  }

  /** Sorts by margin, the lowest first. Waits until all rows are scanned: before, a row has no margin. */
  sortByMargin(): void {
    this.run(this.complete.then(() => this.act('sortByMargin')));
  }

  /** Called when the scan or the check of the file has made progress. */
  scanned(): void {
    if (this.scan.isComplete) this.completed();
    if (this.stale && this.shown.dependsOnFacts && this.scan.isComplete)
      this.run(this.find().then(() => this.changed()));
    else this.changed();
  }

  /** Called when a run of the workspace has written rewards. */
  rewardsChanged(): void {
    this.run(this.reloadRewards());
  }

  dispose(): void {
    this.typed.dispose();
    this.stop();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
  }

  /** Lets a promise run on its own, and shows its error. */
  private run(promise: Promise<unknown>): void {
    // An aborted search is not shown as an error, because a newer search replaces it.
    promise.catch(this.services.notices.error);
  }

  private async reloadRewards(): Promise<void> {
    await this.loadRewards(this.view.rewards);
    if (this.shown.dependsOnFacts) await this.find();
    this.changed();
  }

  private handlers(): Handlers<PairEditorHost> {
    const { lines } = this.document;
    return {
      hello: async () => {
        const reveal = this.awaited;
        this.awaited = null;
        await this.loadRewards(this.view.rewards);
        // Commands wait until the answer is sent, because the view can only act on rows that it shows.
        setImmediate(() => this.greet());
        return { overview: this.overview(), reveal };
      },
      setView: async (view, signal) => {
        if (view.rewards !== this.view.rewards) await this.loadRewards(view.rewards);
        this.view = view;
        await this.find(signal);
        return this.overview();
      },
      rows: async ({ from, count }) => ({
        revision: lines.revision,
        rows: await this.page(from, Math.min(count, maxPage)),
      }),
      detail: async ({ row }) => {
        this.awaited = null;
        const [line = ''] = await lines.lines(row, 1);
        return detailOf(line, this.placeOf(row), lines.revision, this.rewardOf);
      },
      position: ({ row }) => this.shown.placeOf(row),
      edit: async ({ edit, revision }) => ({ row: await this.edit(edit, revision), overview: this.overview() }),
      command: async ({ name }) => {
        await this.command(name);
        return null;
      },
    };
  }

  /** Applies an edit. @returns the row to select: after a deletion, the next one of the list */
  private async edit(edit: PairEdit, revision: number): Promise<number> {
    // If the filter hides the row, it has no place in the list. Then the first row of the list is selected.
    const place = this.shown.placeOf(edit.row) ?? 0;
    const row = await this.document.apply(edit, revision, this.typed.leave(edit, revision));
    if (row !== null && edit.kind !== 'delete') return row;
    const [next] = this.shown.page(Math.min(place, Math.max(0, this.shown.length - 1)), 1);
    // 0 if no row is left.
    return next ?? 0;
  }

  private async command(name: Command): Promise<void> {
    const commands: Readonly<Record<Command, CommandId | 'workbench.action.files.save'>> = {
      openRun: 'margin.showInRun',
      train: 'margin.train',
      openText: 'margin.openAsText',
      score: 'margin.score',
      goToRow: 'margin.goToRow',
      save: 'workbench.action.files.save',
    };
    await vscode.commands.executeCommand(commands[name], this.document.uri);
  }

  private rewardAtKey(identity: RowIdentity | null): RowReward | undefined {
    return identity && this.rewards ? rewardOf(identity, this.rewards.byKey) : undefined;
  }

  private readonly rewardOf = (result: PairResult): RowReward | undefined => this.rewardAtKey(identityOf(result));

  private readonly problemsAt = (row: number): number =>
    this.scan.facts.problemsAt(row) + this.findings.related(row).length;

  private readonly rewardAt = (row: number): RowReward | undefined => this.rewardAtKey(this.scan.facts.identityAt(row));

  private async loadRewards(id: string | null): Promise<void> {
    try {
      this.choices = await rewardChoices(this.document.uri.fsPath, await this.services.runFolders());
      const choice = this.choices.find((one) => one.id === id) ?? this.choices[0];
      this.rewards = choice ? await joinRewards(choice) : null;
      this.notice = this.rewards?.notice ?? null;
    } catch (error) {
      // Without rewards, pairs can still be read and edited.
      this.rewards = null;
      this.notice = errorMessage(error);
    }
  }

  private async find(signal?: AbortSignal): Promise<void> {
    const { lines } = this.document;
    this.stale = !this.scan.isComplete;
    const { revision } = lines;
    const search = ++this.searches;
    const { problemsAt, rewardAt } = this;
    const shown = await ShownRows.find(this.view, { lines, problemsAt, rewardAt }, signal);
    if (search !== this.searches) return;
    // Rows have moved during the search, so its result is wrong.
    if (revision !== lines.revision && !lines.isIndexing) return this.find(signal);
    this.shown = shown;
  }

  private async page(from: number, count: number): Promise<RowSummary[]> {
    const { lines } = this.document;
    const slices = new Slices();
    const summaries: RowSummary[] = [];
    for (const { start, length } of runsOf(this.shown.page(from, count))) {
      const texts = await lines.lines(start, length);
      for (const [i, line] of texts.entries()) {
        await slices.breathe();
        summaries.push(summaryOf(line, this.placeOf(start + i), this.rewardOf));
      }
    }
    return summaries;
  }

  private placeOf(row: number): RowPlace {
    const { lines, reading } = this.document;
    return { row, reading, edited: row < lines.rowCount && lines.isEdited(row), related: this.findings.related(row) };
  }

  private follow(change: DocumentChange): void {
    if (change.kind === 'edited') this.shown.apply(change.edit);
    else if (change.kind === 'reverted') {
      this.shown = ShownRows.all(this.document.lines.rowCount);
      this.run(this.document.kindKnown.then(() => this.find()).then(() => this.changed()));
    } else this.shown.grow(this.document.lines.rowCount);
    this.changed();
  }

  private changed(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.channel.emit('changed', this.overview());
    }, settleMs);
  }

  private overview(): Overview {
    const { lines, otherKind } = this.document;
    return {
      otherKind,
      revision: lines.revision,
      rows: otherKind === null ? lines.rowCount : 0,
      shown: otherKind === null ? this.shown.length : 0,
      indexing: lines.isIndexing && this.scan.error === null,
      problemRows: this.scan.facts.problemRows + this.findings.relatedOnly,
      shape: this.scan.shape,
      error: this.scan.error?.message ?? null,
      findings: this.findings.findings.slice(0, maxFindings),
      notice: this.notice,
      rewards: this.rewards?.choice ?? null,
      rewardChoices: this.choices,
      widest: this.rewards ? this.rewards.widest : 0,
    };
  }
}
