import * as vscode from 'vscode';
import { Channel, type Handlers } from '../../protocol/channel';
import type { Overview, PairEditorHost, PairEditorView, RewardChoice, RowReward, View } from '../../protocol/pairEditor';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import type { PairDocument } from './pairDocument';
import type { ProblemScan } from './problemScan';
import { joinRewards, rewardChoices, type JoinedRewards } from './rewardJoin';
import { detailOf, shownRows, summaryOf } from './rowView';

/** Rows answered at once. */
const maxPage = 200;
const settleMs = 100;

type Act = PairEditorHost['events']['act']['name'];

/** Serves one webview of a pair document: pages of rows, details, edits. */
export class PairView implements vscode.Disposable {
  selected = 0;
  private readonly channel: Channel<PairEditorHost, PairEditorView>;
  private readonly stop: () => void;
  private view: View = { filter: '', sort: 'row', descending: false, rewards: null };
  private rows: Int32Array | null = null;
  private rewards: JoinedRewards | null = null;
  private choices: readonly RewardChoice[] = [];
  private pending: NodeJS.Timeout | null = null;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly document: PairDocument,
    private readonly scan: ProblemScan,
    extension: vscode.Uri,
  ) {
    panel.webview.options = viewOptions(extension);
    this.channel = new Channel(hostPort(panel.webview), this.handlers());
    this.channel.on('selected', ({ row }) => (this.selected = row));
    this.stop = document.lines.onDidChange(() => this.changed());
    panel.webview.html = viewHtml(panel.webview, extension, 'pairEditor', 'Pairs');
  }

  reveal(row: number): void {
    this.selected = row;
    this.channel.emit('reveal', { row });
  }

  act(name: Act): void {
    this.channel.emit('act', { name });
  }

  /** The key of the selected pair, to find it in a run. */
  get selectedKey(): string | null {
    return this.scan.facts[this.selected]?.key ?? null;
  }

  /** Something behind the rows changed: problems, rewards, the file. */
  changed(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      void this.update().then((overview) => this.channel.emit('changed', overview));
    }, settleMs);
  }

  async rewardsChanged(): Promise<void> {
    await this.loadRewards(this.view.rewards);
    this.changed();
  }

  dispose(): void {
    this.stop();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
  }

  private handlers(): Handlers<PairEditorHost> {
    const { lines } = this.document;
    return {
      hello: async () => {
        await this.loadRewards(null);
        return this.update();
      },
      setView: async (view) => {
        if (view.rewards !== this.view.rewards) await this.loadRewards(view.rewards);
        this.view = view;
        return this.update();
      },
      rows: async ({ from, count }) => ({ revision: lines.revision, rows: await this.page(from, Math.min(count, maxPage)) }),
      detail: async ({ row }) => {
        const [line = ''] = await lines.lines(row, 1);
        return detailOf(line, row, lines.revision, this.rewardOf);
      },
      position: ({ row }) => (this.rows === null ? row : this.rows.includes(row) ? this.rows.indexOf(row) : null),
      edit: async ({ edit }) => ({ row: await this.document.apply(edit), revision: lines.revision }),
      command: async ({ name }) => {
        await this.command(name);
        return null;
      },
    };
  }

  private async command(name: PairEditorHost['requests']['command']['params']['name']): Promise<void> {
    const commands = { undo: 'undo', redo: 'redo', openRun: 'margin.showInRun', train: 'margin.train', openText: 'margin.openAsText', score: 'margin.score' };
    await vscode.commands.executeCommand(commands[name], this.document.uri);
  }

  private readonly rewardOf = (key: string | null): RowReward | undefined => (key === null ? undefined : this.rewards?.byKey.get(key));

  private async loadRewards(id: string | null): Promise<void> {
    this.choices = await rewardChoices(this.document.uri.fsPath);
    const choice = this.choices.find((one) => one.id === id) ?? this.choices[0];
    this.rewards = choice ? await joinRewards(choice) : null;
  }

  private async page(from: number, count: number): Promise<ReturnType<typeof summaryOf>[]> {
    const { lines } = this.document;
    const summary = (line: string, row: number): ReturnType<typeof summaryOf> => summaryOf(line, row, lines.isEdited(row), this.rewardOf);
    if (this.rows === null) return (await lines.lines(from, count)).map((line, i) => summary(line, from + i));
    const rows = Array.from(this.rows.subarray(from, from + count));
    return Promise.all(rows.map(async (row) => summary((await lines.lines(row, 1))[0] ?? '', row)));
  }

  private async update(): Promise<Overview> {
    const { lines } = this.document;
    this.rows = await shownRows(lines, this.scan.facts, this.view, this.rewardOf);
    return {
      revision: lines.revision,
      rows: lines.rowCount,
      shown: this.rows?.length ?? lines.rowCount,
      indexing: lines.isIndexing,
      problemRows: this.scan.facts.filter(({ problems }) => problems > 0).length,
      shape: this.scan.shape,
      readonly: false,
      rewards: this.rewards?.choice ?? null,
      rewardChoices: this.choices,
    };
  }
}
