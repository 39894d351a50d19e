import * as vscode from 'vscode';
import { must } from '../../base/pure/must';
import { checkedRow } from '../../pairs/checkedRow';
import { readRow } from '../../pairs/readRow';
import { rowParts } from '../../pairs/rowParts';
import { pairsToQuery } from '../../pairs/query/queriedRow';
import type { PairVerdict } from '../../pairs/suspects/suspectBook';
import { Channel, type Handlers } from '../../protocol/channel';
import type {
  ShownCleaning,
  SuspectDetail,
  SuspectRow,
  SuspectsDone,
  SuspectsHost,
  SuspectsState,
  SuspectState,
  SuspectsView,
} from '../../protocol/suspects';
import type { RowChanges } from '../../jsonl/node/bulk/rowChanges';
import { nullIfMissing } from '../../base/node/jsonFile';
import { readCleaning } from '../../jsonl/node/suspects/cleaningFile';
import type { SavedSuspects } from '../../jsonl/node/suspects/suspectsFile';
import { stalenessOf } from '../../run/measuredRewards';
import type { Notices } from '../notices';
import { eachRow } from '../../editor/eachRow';
import type { OpenParts } from '../pairEditor/viewFacts';
import { plainLine } from '../../base/pure/plainText';
import { uriName } from '../uriName';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { SuspectActions } from './suspectActions';
import { type ListedSuspect, SuspectList } from './suspectList';
import { staleSentence } from './suspectTexts';

const labelLetters = 120;
/** The most UTF-16 units of a text that are shown. */
const mostShown = 20_000;
/** Rows of a page at most. */
const maxPage = 200;
/** Changes of the file within this time are followed together. */
const settleMs = 100;

export interface SuspectsPanelServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly changes: RowChanges;
  /** Asks how to search, and searches again. */
  readonly search: () => Promise<void>;
  readonly reveal: (row: number) => Promise<void>;
  /** Starts a review of rows in the pair editor, with a filter that finds them. */
  readonly review: (rows: readonly number[], filter: string) => Promise<void>;
  /** Shows the rewards of the tokens of a row, by a measurement of the search. */
  readonly tokens: (row: number, rewards: string) => Promise<void>;
  readonly cleaning: () => Promise<void>;
}

/** A tab with the suspects of a document: how noisy its labels are, which are wrong, why, and what to do about them. */
export class SuspectsPanel implements vscode.Disposable {
  private readonly list: SuspectList;
  private readonly actions: SuspectActions;
  private readonly channel: Channel<SuspectsHost, SuspectsView>;
  private readonly subscriptions: vscode.Disposable[];
  private stale: string | null = null;
  private cleaning: ShownCleaning | null = null;
  private cleaningRead: Promise<ShownCleaning | null>;
  private pending: NodeJS.Timeout | null = null;
  private reading = new AbortController();
  private read: Promise<void> = Promise.resolve();

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly open: OpenParts,
    private saved: SavedSuspects,
    private readonly services: SuspectsPanelServices,
  ) {
    const { document, scan } = open;
    const { webview } = panel;
    this.list = new SuspectList({
      rowCount: () => document.lines.rowCount,
      keysKnown: () => scan.keysKnown(),
      identityAt: (row) => scan.identityAt(row),
    });
    this.actions = new SuspectActions({ ...open, ...services });
    webview.options = viewOptions(services.extension);
    this.channel = new Channel(hostPort(webview), this.handlers());
    this.subscriptions = [
      document.onDidDispose(() => panel.dispose()),
      panel.onDidDispose(() => this.dispose()),
      open.marks.onDidChange(() => this.later()),
      { dispose: document.lines.onDidChange(() => this.later()) },
    ];
    this.cleaningRead = this.readCleaning();
    this.refresh();
    webview.html = viewHtml(webview, services.extension, 'suspects', `Suspects of ${uriName(document.uri)}`);
  }

  dispose(): void {
    this.reading.abort();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
    for (const one of this.subscriptions.splice(0)) one.dispose();
  }

  /** Shows what a search has found, and what `margin cleaning` has saved by now. */
  show(saved: SavedSuspects): void {
    this.saved = saved;
    this.cleaningRead = this.readCleaning();
    this.tell();
  }

  /** As {@link show}, and brings the tab to the front. */
  reveal(saved: SavedSuspects): void {
    this.panel.reveal();
    this.show(saved);
  }

  private later(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.tell();
    }, settleMs);
  }

  /** Looks at the rows again, and sends what has changed. */
  private tell(): void {
    this.refresh();
    const tell = async (): Promise<void> => {
      await this.settled();
      this.channel.emit('changed', this.state());
    };
    tell().catch(this.services.notices.error);
  }

  /** What `margin cleaning` has saved; null without that. A damaged file is told, and does not keep the list away. */
  private async readCleaning(): Promise<ShownCleaning | null> {
    try {
      const result = await nullIfMissing(readCleaning(this.open.document.uri.fsPath));
      if (result === null) return null;
      const { text, notes, seeds, arms } = result;
      return { text, notes, seeds, arms };
    } catch (error) {
      this.services.notices.error(error);
      return null;
    }
  }

  private refresh(): void {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    this.read = this.list.read(this.saved.book, signal).then(async () => {
      this.stale = staleSentence(await stalenessOf(this.saved.measurements));
      this.cleaning = await this.cleaningRead;
    });
    // Who waits for it gets the error.
    this.read.catch(() => undefined);
  }

  /** Settles when the list is that of the rows as they are now. Another change ends the reading before it. */
  private async settled(): Promise<void> {
    for (;;) {
      const { read } = this;
      const failure = await read.then(
        () => null,
        (error: unknown) => ({ error }),
      );
      if (read !== this.read) continue;
      if (failure) throw failure.error;
      return;
    }
  }

  private handlers(): Handlers<SuspectsHost> {
    const { services, list, actions } = this;
    const rowAt = (place: number): number => list.entry(place).row;
    return {
      hello: async () => (await this.settled(), this.state()),
      arrange: (order) => (list.arrange(order), this.state()),
      rows: ({ from, to }) => this.rowsOf(list.page({ from, to: Math.min(to, from + maxPage) })),
      detail: ({ place }) => this.detailOf(list.entry(place)),
      swap: ({ place }) => this.done(actions.swap(rowAt(place))),
      weigh: ({ to, places }) => {
        const ranges = places ?? [{ from: 0, to: list.length }];
        // Those that are right by now stay as they are.
        const entries = ranges.flatMap((range) => list.page(range));
        const rows = entries.filter(({ verdict }) => verdict.verdict !== 'clean').map(({ row }) => row);
        return this.done(this.withoutKept(rows, places === null).then((wanted) => actions.weigh(wanted, to)));
      },
      keep: ({ places }) => this.done(actions.keep(places.flatMap((range) => list.page(range)).map(({ row }) => row))),
      undo: () => this.done(actions.undo()),
      review: async () => {
        const { verdicts } = list.order;
        const open = list.page({ from: 0, to: list.length }).filter(({ verdict }) => verdict.verdict !== 'clean');
        const filter = `suspected:${verdicts === 'suspects' ? 'flipped|tie' : verdicts}`;
        await services.review(
          open.map(({ row }) => row),
          filter,
        );
        return null;
      },
      reveal: async ({ place }) => (await services.reveal(rowAt(place)), null),
      tokens: async ({ place }) => {
        const last = must(this.saved.measurements.at(-1), 'a measurement');
        await services.tokens(rowAt(place), last.file);
        return null;
      },
      search: async () => (await services.search(), null),
      cleaning: async () => (await services.cleaning(), null),
    };
  }

  /** Leaves rows out that somebody marked as right, unless they were selected one by one. */
  private async withoutKept(rows: readonly number[], isAll: boolean): Promise<readonly number[]> {
    await this.open.marks.known();
    return isAll ? rows.filter((row) => this.open.marks.markAt(row)?.verdict !== 'keep') : rows;
  }

  /** Waits until the list shows what was done. */
  private async done(action: Promise<string>): Promise<SuspectsDone> {
    // A question took the focus, and keys would go to nobody.
    const sentence = await action.finally(() => this.panel.reveal());
    this.refresh();
    await this.settled();
    return { sentence, state: this.state() };
  }

  private state(): SuspectsState {
    const { list, saved, open, stale } = this;
    const { document } = open;
    return {
      name: vscode.workspace.asRelativePath(document.uri),
      unit: document.unit,
      noise: saved.noise,
      measurements: saved.measurements.map(({ run, step }) => ({ run, step })),
      unscored: saved.unscored.count,
      others: saved.others,
      stale,
      isReadOnly: document.copy !== null,
      flipped: list.count('flipped'),
      ties: list.count('tie'),
      order: list.order,
      shown: list.length,
      revision: list.revision,
      undo: this.actions.undoName,
      cleaning: this.cleaning,
    };
  }

  private rowsOf(entries: readonly ListedSuspect[]): Promise<SuspectRow[]> {
    return this.inOrder(entries, (entry, line) => this.rowOf(entry, line));
  }

  private async detailOf(entry: ListedSuspect): Promise<SuspectDetail> {
    const [detail] = await this.inOrder([entry], (one, line) => {
      const parts = rowParts(readRow(line, this.open.document.reading), line);
      const cut = parts.some(({ text }) => text.length > mostShown);
      const shown = parts.map(({ name, text }) => ({ name, text: text.slice(0, mostShown) }));
      return { ...this.rowOf(one, line), parts: shown, cut };
    });
    return must(detail, 'the row of a suspect');
  }

  /** The entries with their lines, which are read in the order of the file. */
  private async inOrder<T>(
    entries: readonly ListedSuspect[],
    of: (entry: ListedSuspect, line: string) => T,
  ): Promise<T[]> {
    const rows = entries.map(({ row }) => row).sort((a, b) => a - b);
    const lines = new Map(await eachRow(rows, this.open.document.lines, (row, line) => [row, line] as const));
    return entries.map((entry) => of(entry, must(lines.get(entry.row), 'the line of a row')));
  }

  private rowOf({ row, verdict }: ListedSuspect, line: string): SuspectRow {
    const result = readRow(line, this.open.document.reading);
    const prompt = 'format' in result ? checkedRow(result).prompt.map(({ content }) => content) : [line];
    const label = plainLine(prompt.join(' ')).slice(0, labelLetters);
    const weight = pairsToQuery(result)[0]?.weight ?? 1;
    const isKept = this.open.marks.markAt(row)?.verdict === 'keep';
    return { ...verdict, row, label, state: stateOf(verdict, weight, isKept) };
  }
}

function stateOf({ exchanged }: PairVerdict, weight: number, isKept: boolean): SuspectState {
  if (weight === 0) return 'out';
  if (isKept) return 'kept';
  if (exchanged) return 'swapped';
  return weight === 1 ? 'open' : 'weighted';
}
