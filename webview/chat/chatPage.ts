import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, ChannelError } from '../../src/protocol/channel';
import {
  type ChatHost,
  type ChatMemory,
  type ChatState,
  type ChatTurn,
  type ChatView,
  mostColumns,
} from '../../src/protocol/chat';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { answerKeys } from './answerKeys';
import { ColumnHeads } from './columnHeads';
import { Composer } from './composer';
import { option } from './fields';
import { SettingsBar } from './settingsBar';
import { spoken, strings } from './strings';
import { type TurnActions, TurnView } from './turnView';

/** Pixels from the end within which the page follows the text that arrives. */
const nearEnd = 40;

/** The chat: models, what was said, and where to write. */
export class ChatPage {
  private readonly channel: Channel<ChatView, ChatHost>;
  private readonly settings: SettingsBar;
  private readonly heads: ColumnHeads;
  private readonly composer: Composer;
  private readonly talk = h('main', { class: 'talk', aria: { label: strings.conversation } });
  private readonly status = h('div', { class: 'status', role: 'status' });
  private readonly live = h('div', { class: 'sr-only', role: 'status', aria: { live: 'polite' } });
  private readonly add: HTMLElement;
  private readonly views = new Map<number, TurnView>();
  private readonly turns = new Map<number, ChatTurn>();
  private state: ChatState | null = null;

  constructor(api: ViewApi<ChatMemory>) {
    const channel = new Channel<ChatView, ChatHost>(channelPort(api), {});
    this.channel = channel;
    this.settings = new SettingsBar((settings) => this.run(channel.request('settings', settings)));
    this.heads = new ColumnHeads({
      choose: (column) => this.run(channel.request('choose', { column })),
      step: (column, step) => this.run(channel.request('step', { column, step })),
      remove: (column) => this.run(channel.request('remove', { column })),
      stopOpening: () => this.run(channel.request('stopOpening', null)),
    });
    const add = (): void => this.run(channel.request('choose', { column: null }));
    this.add = button({ label: strings.add, icon: 'add', title: strings.addTitle, onClick: add });
    this.composer = new Composer({
      send: (text) => this.send(text),
      stop: () => this.run(channel.request('stop', null)),
      up: () => [...this.views.values()].at(-1)?.shown[0]?.focus(),
    });
    const clear = (): void => this.run(channel.request('clear', null));
    const clearing = button({ label: strings.clear, icon: 'clear-all', onClick: clear });
    const top = topBar(this.settings.element, this.add, clearing);
    replace(document.body, top, this.heads.element, this.talk, this.status, this.composer.element, this.live);
    this.talk.addEventListener('keydown', (event) => this.key(event));
    channel.on('state', (state) => this.take(state));
    channel.on('turn', (turn) => this.takeTurn(turn));
    channel.on('keep', ({ text }) => api.setState({ kept: text }));
    channel.on('text', ({ turn, column, from, text }) => this.append(turn, column, from, text));
    const hello = (): void => this.run(this.hello());
    document.addEventListener('visibilitychange', () => document.hidden || hello());
    hello();
    this.composer.area.focus();
  }

  private async hello(): Promise<void> {
    const state = await this.channel.request('hello', null);
    for (const turn of state.turns) await this.load(turn);
    this.take(state);
  }

  private async load(id: number): Promise<void> {
    const turn = await this.channel.request('turn', { turn: id });
    if (turn) this.turns.set(id, turn);
  }

  private take(state: ChatState): void {
    this.state = state;
    this.settings.show(state.settings);
    this.heads.draw(state.columns);
    this.add.hidden = state.columns.length >= mostColumns;
    this.composer.show(state.running);
    for (const id of [...this.turns.keys()]) {
      if (state.turns.includes(id)) continue;
      this.turns.delete(id);
      this.views.get(id)?.element.remove();
      this.views.delete(id);
    }
    this.draw();
  }

  private takeTurn(turn: ChatTurn): void {
    this.announce(this.turns.get(turn.id), turn);
    this.turns.set(turn.id, turn);
    this.draw();
  }

  private draw(): void {
    const { state } = this;
    if (!state) return;
    const isAtEnd = this.isAtEnd;
    const shown = state.turns.flatMap((id) => this.turns.get(id) ?? []);
    shown.forEach((turn, i) => {
      const view = this.viewOf(turn);
      const context = { number: i + 1, after: shown.length - 1 - i, isSampled: state.settings.temperature > 0 };
      view.show(turn, { ...state, ...context });
      if (this.talk.children[i] !== view.element) this.talk.insertBefore(view.element, this.talk.children[i] ?? null);
    });
    const empty = this.talk.querySelector('.empty');
    if (shown.length > 0) empty?.remove();
    else if (!empty) replace(this.talk, h('div', { class: 'empty' }, strings.empty));
    this.rove();
    if (isAtEnd) this.talk.scrollTop = this.talk.scrollHeight;
  }

  private viewOf(turn: ChatTurn): TurnView {
    const known = this.views.get(turn.id);
    if (known) return known;
    const view = new TurnView(turn, this.turnActions());
    this.views.set(turn.id, view);
    return view;
  }

  private turnActions(): TurnActions {
    const { channel } = this;
    return {
      resend: (turn, text) => this.run(channel.request('resend', { turn, text })),
      regenerate: (place) => this.regenerate(place.turn, place.column),
      edit: (place, text) => this.run(channel.request('edit', { ...place, text })),
      mark: (place, side) => this.run(channel.request('mark', { ...place, side })),
      save: (turn) => this.run(channel.request('save', { turn }).then((done) => done !== null && this.tell(done))),
      chooseFile: () => this.run(channel.request('chooseFile', null)),
      undo: () => this.run(channel.request('undo', null).then((done) => this.tell(done))),
    };
  }

  private send(text: string): void {
    this.talk.scrollTop = this.talk.scrollHeight;
    this.live.textContent = strings.waiting;
    this.run(this.channel.request('send', { text }));
  }

  private regenerate(turn: number, column: number | null): void {
    if (this.state?.settings.temperature === 0) return this.tell(strings.greedy);
    this.run(this.channel.request('regenerate', { turn, column }));
  }

  private append(turn: number, column: number, from: number, text: string): void {
    const isAtEnd = this.isAtEnd;
    // A view that missed a part asks for all of it.
    if (!this.views.get(turn)?.append(column, from, text)) return this.run(this.load(turn).then(() => this.draw()));
    if (isAtEnd) this.talk.scrollTop = this.talk.scrollHeight;
  }

  private get isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.talk;
    return scrollHeight - scrollTop - clientHeight < nearEnd;
  }

  /** Says when an answer has ended, not each token of it. */
  private announce(before: ChatTurn | undefined, now: ChatTurn): void {
    const ended = now.answers.filter(({ column, state }) => {
      const old = before?.answers.find((answer) => answer.column === column);
      return (state === 'done' || state === 'failed') && old !== undefined && old.state !== state;
    });
    const texts = ended.flatMap((answer) => {
      const column = this.state?.columns.find(({ id }) => id === answer.column);
      return column ? [spoken(column, answer)] : [];
    });
    if (texts.length > 0) this.live.textContent = texts.join(' ');
  }

  /** One answer of the conversation can be reached with Tab; arrow keys move to the others. */
  private rove(): void {
    const cards = [...this.views.values()].flatMap(({ shown }) => shown);
    const current = cards.find((card) => card.contains(document.activeElement)) ?? cards.at(-1);
    for (const card of cards) card.tabIndex = card === current ? 0 : -1;
  }

  private key(event: KeyboardEvent): void {
    const views = this.state?.turns.flatMap((id) => this.views.get(id) ?? []) ?? [];
    const ids = this.state?.turns ?? [];
    answerKeys(event, views, {
      ...this.turnActions(),
      turnAt: (index) => ids[index] ?? null,
      leave: () => this.composer.area.focus(),
    });
    this.rove();
  }

  private run(work: Promise<unknown>): void {
    this.tell('');
    work.catch((error: unknown) => {
      if (error instanceof ChannelError && (error.code === 'disposed' || error.code === 'aborted')) return;
      this.tell(errorMessage(error));
    });
  }

  /** Shows what went wrong or was done, above the field to write in. */
  private tell(text: string): void {
    this.status.textContent = text;
  }
}

/** The settings, and what can be done with the whole chat. In a narrow view a button shows the settings. */
function topBar(settings: HTMLElement, ...buttons: readonly HTMLElement[]): HTMLElement {
  const top = h('header', { class: 'top' });
  const toggle = option(strings.settings, strings.settingsTitle, () => {
    const isOpen = top.classList.toggle('open');
    toggle.setAttribute('aria-expanded', String(isOpen));
  });
  toggle.classList.add('settings-toggle');
  toggle.setAttribute('aria-expanded', 'false');
  replace(top, settings, h('div', { class: 'actions' }, toggle, ...buttons));
  return top;
}
