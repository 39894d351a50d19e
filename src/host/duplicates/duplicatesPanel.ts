import * as vscode from 'vscode';
import { at, must } from '../../base/pure/must';
import { checkedRow } from '../../pairs/checkedRow';
import { readRow } from '../../pairs/readRow';
import { rowParts } from '../../pairs/rowParts';
import { Channel, type Handlers } from '../../protocol/channel';
import {
  type DuplicatesHost,
  type DuplicatesState,
  type DuplicatesView,
  type GroupRow,
  type GroupSummary,
  mostShown,
} from '../../protocol/duplicates';
import type { PairDocument } from '../pairEditor/pairDocument';
import { plainLine } from '../../base/pure/plainText';
import { uriName } from '../uriName';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { DuplicateGroups, type FoundDuplicates } from './duplicateGroups';
import type { FoundGroup } from './runDuplicates';

const labelLetters = 120;
/** Rows of a group that are shown side by side. */
const mostRows = 50;

export interface DuplicatesServices {
  readonly extension: vscode.Uri;
  /** Finds the groups in the file as it is on the disk; undefined if the person did not want to save it. */
  readonly search: () => Promise<FoundDuplicates | undefined>;
  readonly reveal: (row: number) => void;
}

/** A tab with the duplicates of a document: the groups, and the rows of one of them side by side. */
export class DuplicatesPanel implements vscode.Disposable {
  private readonly groups: DuplicateGroups;
  private readonly channel: Channel<DuplicatesHost, DuplicatesView>;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly document: PairDocument,
    found: FoundDuplicates,
    private readonly services: DuplicatesServices,
  ) {
    this.groups = new DuplicateGroups(document, found);
    const { webview } = panel;
    webview.options = viewOptions(services.extension);
    this.channel = new Channel(hostPort(webview), this.handlers());
    const stopLines = document.lines.onDidChange(() => {
      if (!this.groups.isApplying) this.channel.emit('changed', this.state());
    });
    this.subscriptions = [
      document.onDidDispose(() => panel.dispose()),
      panel.onDidDispose(() => this.dispose()),
      { dispose: stopLines },
    ];
    webview.html = viewHtml(webview, services.extension, 'duplicates', `Duplicates of ${uriName(document.uri)}`);
  }

  dispose(): void {
    this.channel.dispose();
    for (const one of this.subscriptions.splice(0)) one.dispose();
  }

  /** Shows what another search has found. */
  show(found: FoundDuplicates): void {
    this.groups.take(found);
    this.panel.reveal();
    this.channel.emit('changed', this.state());
  }

  private handlers(): Handlers<DuplicatesHost> {
    const { groups } = this;
    return {
      hello: () => this.state(),
      groups: ({ from, count }) =>
        Promise.all(groups.all.slice(from, from + count).map((group) => this.summaryOf(group))),
      group: ({ index }) =>
        Promise.all(
          at(groups.all, index)
            .rows.slice(0, mostRows)
            .map((one) => this.rowOf(one)),
        ),
      keep: async ({ index, row }) => (await groups.keep(index, row), this.state()),
      keepAll: ({ index }) => (groups.keepAll(index), this.state()),
      keepFirst: async () => (await groups.keepFirst(), this.state()),
      restore: async () => (await groups.restore(), this.state()),
      search: async () => {
        const found = await this.services.search();
        if (found) groups.take(found);
        return this.state();
      },
      reveal: ({ row }) => (this.services.reveal(row), null),
    };
  }

  private state(): DuplicatesState {
    const { groups, document } = this;
    const isReadOnly = document.copy !== null;
    return {
      name: vscode.workspace.asRelativePath(document.uri),
      unit: document.unit,
      groups: groups.all.length,
      redundant: groups.redundant.length,
      fixed: isReadOnly ? 'read-only' : groups.areCurrent ? null : 'changed',
      deleted: groups.deleted,
    };
  }

  private async summaryOf({ kind, similarity, rows }: FoundGroup): Promise<GroupSummary> {
    const line = await this.lineAt(at(rows, 0).row);
    const result = readRow(line, this.document.reading);
    const prompt = 'format' in result ? checkedRow(result).prompt.map(({ content }) => content) : [line];
    const label = plainLine(prompt.join(' ')).slice(0, labelLetters);
    return { kind, similarity, rows: rows.map(({ row }) => row), label };
  }

  private async rowOf({ row, redundant }: FoundGroup['rows'][number]): Promise<GroupRow> {
    const line = await this.lineAt(row);
    const parts = rowParts(readRow(line, this.document.reading), line);
    return {
      row,
      redundant,
      parts: parts.map(({ name, text }) => ({
        name,
        text: text.slice(0, mostShown),
        more: Math.max(0, text.length - mostShown),
      })),
    };
  }

  private async lineAt(row: number): Promise<string> {
    const [line] = await this.document.lines.lines(row, 1);
    return must(line, 'the row of a group');
  }
}
