import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { Channel, type Handlers } from '../../protocol/channel';
import type { RoundAction, RoundHost, RoundState, RoundView } from '../../protocol/round';
import { appendJudgements } from '../../run/rounds/lines';
import { roundPaths } from '../../run/rounds/paths';
import type { Judgement } from '../../run/rounds/types';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { QueueSession } from './queueSession';
import { type RoundOnDisk, readRound } from './readRound';
import { roundFacts } from './roundFacts';
import type { RoundServices } from './roundPanels';

/** Changes of the folder within this time are read together. */
const settleMs = 200;
/** While a process works, the folder is read again this often: watchers of some disks report nothing. */
const rereadMs = 2000;

/** A tab with the rounds of a folder: its steps, the line of rounds, its judges, and the queue of drafts to judge. */
export class RoundPanel implements vscode.Disposable {
  private readonly channel: Channel<RoundHost, RoundView>;
  private readonly subscriptions: vscode.Disposable[];
  private read: RoundOnDisk | null = null;
  private session: QueueSession | null = null;
  private shownRound: number | null = null;
  /** Judgements that this tab has written. A reading that began before the last of them is out of date. */
  private written = 0;
  private reading: Promise<void>;
  private pending: NodeJS.Timeout | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly folder: string,
    private readonly services: RoundServices,
  ) {
    const { webview } = panel;
    webview.options = viewOptions(services.extension);
    panel.iconPath = new vscode.ThemeIcon('sync');
    this.channel = new Channel(hostPort(webview), this.handlers());
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '**'));
    this.subscriptions = [
      watcher,
      watcher.onDidChange(() => this.later()),
      watcher.onDidCreate(() => this.later()),
      services.work.onDidChange((changed) => changed === folder && this.later()),
      services.runs.onDidChange(() => this.later()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.later()),
    ];
    this.timer = setInterval(() => this.isBusy && this.later(), rereadMs);
    this.reading = this.readAll();
    // Who waits for it gets the error.
    this.reading.catch(() => undefined);
    webview.html = viewHtml(webview, services.extension, 'round', panel.title);
  }

  dispose(): void {
    if (this.pending) clearTimeout(this.pending);
    clearInterval(this.timer);
    this.channel.dispose();
    for (const one of this.subscriptions.splice(0)) one.dispose();
  }

  /** What a key or a button does. @param place of a draft, from 1 */
  async act(action: RoundAction, place: number | null): Promise<void> {
    await this.reading;
    const { session } = this;
    if (!session) return;
    if (!isLook(action)) requireTrustedFolder();
    if (action === 'more') return this.more();
    if (action === 'edit') {
      const at = place ?? session.placeToEdit;
      if (at !== null) this.channel.emit('edit', { place: at });
      return;
    }
    session.act(action, place);
    this.tell();
  }

  /** The number of the round that the tab shows. */
  get round(): number | null {
    return this.read && this.read.round.round;
  }

  private get isBusy(): boolean {
    return this.services.work.busy(this.folder) !== null;
  }

  private handlers(): Handlers<RoundHost> {
    const { actions } = this.services;
    return {
      hello: async () => (await this.reading, this.state()),
      act: async ({ action, place }) => (await this.act(action, place), null),
      edited: async ({ key, place, text }) => {
        requireTrustedFolder();
        await this.reading;
        this.session?.edit(key, place, text);
        this.tell();
        return null;
      },
      show: async ({ round }) => {
        this.shownRound = round;
        await this.again();
        return null;
      },
      train: () => this.whole((read) => actions.train(this.folder, read)),
      judge: () => this.whole((read) => actions.judge(this.folder, read)),
      append: async () => {
        await this.reading;
        // The data set is shown now, so the focus stays there.
        if (this.read) await actions.append(this.read).catch(this.services.notices.error);
        return null;
      },
      next: () => this.whole((read) => actions.next(this.folder, read)),
      openRun: () =>
        this.whole(async ({ run }) => {
          if (run) await vscode.commands.executeCommand('margin.openRun', run.folder);
        }),
    };
  }

  /** Does something with the round as it is on the disk. A question took the focus, so the tab takes it back. */
  private async whole(act: (read: RoundOnDisk) => Promise<void>): Promise<null> {
    await this.reading;
    if (this.read) await act(this.read).catch(this.services.notices.error);
    this.panel.reveal();
    await this.again();
    return null;
  }

  private async more(): Promise<void> {
    const { session, read } = this;
    if (!session?.current || !read) return;
    await this.services.actions.more(this.folder, read, session.current.key);
  }

  private later(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.again().catch(this.services.notices.error);
    }, settleMs);
  }

  private async again(): Promise<void> {
    await (this.reading = this.reading.then(
      () => this.readAll(),
      () => this.readAll(),
    ));
    this.tell();
  }

  private async readAll(): Promise<void> {
    for (;;) {
      const { written, shownRound } = this;
      const read = await readRound(this.folder, shownRound);
      if (written !== this.written) continue;
      if (!this.session || read.round.round !== this.read?.round.round) this.session = this.newSession(read);
      this.read = read;
      this.session.load(read.drafts, read.judgements);
      return;
    }
  }

  private newSession({ round }: RoundOnDisk): QueueSession {
    return new QueueSession({
      k: round.drafts.k,
      seed: round.prompts.seed,
      by: () => this.services.reviewer.name,
      now: () => new Date(),
      append: (line) => this.append(round.round, line),
    });
  }

  private append(round: number, line: Judgement): void {
    requireTrustedFolder();
    appendJudgements(roundPaths.judgements(this.folder, round), [line]);
    this.written++;
    this.services.did('draftsJudged');
    if (this.read) this.read = { ...this.read, judgements: [...this.read.judgements, line] };
  }

  private tell(): void {
    if (this.read && this.session) this.channel.emit('changed', this.state());
  }

  /** Throws what the reading of the folder threw. */
  private state(): RoundState {
    const { read, session, folder } = this;
    if (!read || !session) throw new Error('the round must have been read');
    const { damaged } = read;
    return {
      ...roundFacts(read),
      folder,
      queue: session.state(),
      busy: this.services.work.busy(folder),
      damaged: damaged === 0 ? '' : `${damaged} lines of this round's files cannot be read, and are left out.`,
      isTrusted: vscode.workspace.isTrusted,
    };
  }
}

/** @throws MarginError `untrusted` */
function requireTrustedFolder(): void {
  if (vscode.workspace.isTrusted) return;
  const message = 'Judging writes into the folder of the round, so it needs a trusted workspace.';
  throw new MarginError('untrusted', message);
}

/** Whether an action only changes what is shown. */
function isLook(action: RoundAction): boolean {
  return action === 'next' || action === 'previous' || action === 'rewards';
}
