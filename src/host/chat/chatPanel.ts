import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { Channel, type Handlers } from '../../protocol/channel';
import { type ChatHost, type ChatState, type ChatView, mostColumns } from '../../protocol/chat';
import type { Notices } from '../notices';
import type { RunsModel } from '../runs/runsModel';
import { uriName } from '../uriName';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import type { AppendedPair } from './appendToFile';
import { askChatModel, modelOfRun } from './askChatModel';
import { askPairFile } from './askPairFile';
import type { ChosenModel } from './chatModels';
import { ChatProcess } from './chatProcess';
import { ChatSession } from './chatSession';
import { type KeptChat, keptText } from './keptChat';
import { markedPair } from './markedPair';
import { provenanceOf } from './provenance';
import type { PairFiles } from './pairFile';

export interface ChatPanelServices {
  readonly extension: vscode.Uri;
  readonly trainer: string;
  readonly runs: RunsModel;
  readonly notices: Notices;
  readonly files: PairFiles;
}

/** A tab in which a person talks to one to three models at once, and keeps what was better as a pair. */
export class ChatPanel implements vscode.Disposable {
  private readonly process: ChatProcess;
  private readonly session: ChatSession;
  private readonly channel: Channel<ChatHost, ChatView>;
  private file: vscode.Uri | null = null;
  /** Turns that were too long to be kept. */
  private dropped = 0;
  private last: (AppendedPair & { readonly turn: number; readonly file: string }) | null = null;

  /** @param start the models of a new chat, or a chat that was kept */
  constructor(
    tab: vscode.WebviewPanel,
    start: readonly ChosenModel[] | KeptChat,
    private readonly services: ChatPanelServices,
  ) {
    const { webview } = tab;
    webview.options = viewOptions(services.extension);
    this.process = new ChatProcess(services.trainer);
    this.session = new ChatSession(this.process, {
      state: () => this.tell(),
      turn: (turn) => {
        this.channel.emit('turn', turn);
        this.keep();
      },
      text: (place, from, text) => this.channel.emit('text', { ...place, from, text }),
      defect: services.notices.error,
    });
    this.channel = new Channel(hostPort(webview), this.handlers());
    if ('columns' in start) this.restore(start);
    else for (const model of start) this.use(model);
    webview.html = viewHtml(webview, services.extension, 'chat', 'Chat');
  }

  dispose(): void {
    this.channel.dispose();
    this.process.close();
  }

  private handlers(): Handlers<ChatHost> {
    const { session } = this;
    const { conversation } = session;
    return {
      hello: () => {
        this.keep();
        return this.state();
      },
      turn: ({ turn }) => (conversation.has(turn) ? conversation.turn(turn) : null),
      send: ({ text }) => done(() => session.send(text)),
      resend: ({ turn, text }) => done(() => session.resend(turn, text)),
      regenerate: ({ turn, column }) => done(() => session.regenerate(turn, column)),
      stop: () => done(() => session.stop()),
      clear: () => done(() => session.clear()),
      settings: (settings) => done(() => (session.settings = settings)),
      choose: async ({ column }) => (await this.choose(column), null),
      step: async ({ column, step }) => (await this.step(column, step), null),
      remove: ({ column }) => done(() => session.remove(column)),
      stopOpening: () => done(() => session.stopOpening()),
      edit: async ({ text, ...place }) => (await session.edit(place, text), null),
      mark: ({ side, ...place }) => done(() => session.mark(place, side)),
      save: ({ turn }) => this.save(turn),
      chooseFile: async () => {
        await this.chooseFile();
        this.tell();
        return null;
      },
      undo: () => this.undo(),
    };
  }

  private state(): ChatState {
    const { columns, settings, conversation, isRunning } = this.session;
    return {
      columns: columns.map(({ source: _source, beta: _beta, ...column }) => column),
      settings,
      turns: conversation.turns.map(({ id }) => id),
      running: isRunning,
      file: this.file && uriName(this.file),
      canUndo: this.last !== null,
    };
  }

  private tell(): void {
    this.channel.emit('state', this.state());
    this.keep();
  }

  /** The view keeps the chat: VS Code gives it back when the window opens again. */
  private keep(): void {
    const chat = { ...this.session.kept, dropped: this.dropped, file: this.file && this.file.toString() };
    this.channel.emit('keep', { text: keptText(chat) });
  }

  private restore(chat: KeptChat): void {
    this.dropped = chat.dropped;
    this.file = chat.file === null ? null : vscode.Uri.parse(chat.file);
    this.session.restore(chat);
  }

  private use(model: ChosenModel, replaced: number | null = null): void {
    // A model that cannot be opened says so in its column.
    this.session.use(model, replaced).catch(this.services.notices.error);
  }

  private async choose(column: number | null): Promise<void> {
    if (column === null && this.session.columns.length >= mostColumns) return;
    const { extension, runs } = this.services;
    const model = await askChatModel(extension, runs);
    if (model) this.use(model, column);
  }

  private async step(column: number, step: number | null): Promise<void> {
    const found = this.session.columns.find(({ id }) => id === column);
    if (found?.source.kind === 'run') this.use(await modelOfRun(found.source.folder, step), column);
  }

  private async chooseFile(): Promise<vscode.Uri | null> {
    const chosen = await askPairFile(this.session.columns.map(({ source }) => source));
    if (chosen) this.file = chosen;
    return chosen;
  }

  private async save(turn: number): Promise<string | null> {
    const { conversation, settings } = this.session;
    const pair = markedPair(conversation, turn, settings.system);
    const provenance = provenanceOf(this.session, turn);
    const file = this.file ?? (await this.chooseFile());
    if (file === null) return null;
    const appended = await this.services.files.append(file, pair, provenance);
    this.last = { ...appended, turn, file: uriName(file) };
    this.showSaved(conversation, turn, uriName(file));
    return `Saved the pair to ${uriName(file)}, as ${appended.format}.`;
  }

  private async undo(): Promise<string> {
    const { last } = this;
    if (last === null) throw new MarginError('nothing-to-undo', 'No pair was saved from this chat.');
    this.last = null;
    const isBack = await last.undo();
    if (isBack) this.showSaved(this.session.conversation, last.turn, null);
    this.tell();
    return isBack
      ? `Took the pair out of ${last.file} again.`
      : `${last.file} was changed since the pair was saved: remove it there.`;
  }

  private showSaved(conversation: ChatSession['conversation'], turn: number, file: string | null): void {
    conversation.saved(turn, file);
    if (conversation.has(turn)) this.channel.emit('turn', conversation.turn(turn));
    this.tell();
  }
}

function done(work: () => unknown): null {
  work();
  return null;
}
