import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, type Port } from '../../src/protocol/channel';
import type { RoundAction, RoundHost, RoundState, RoundView } from '../../src/protocol/round';
import type { ViewApi } from '../shared/channelPort';
import { h, refocus, replace } from '../shared/dom';
import { Header } from './header';
import { KeyBar } from './keyBar';
import { QueuePane } from './queuePane';
import { Rail } from './rail';
import { strings } from './strings';

/** What the view remembers when the window closes. */
export interface ViewState {
  readonly folder: string;
}

/** A round: its steps and judges on the left, the queue of drafts beside them. The host decides what is shown. */
export class RoundTab {
  private readonly channel: Channel<RoundView, RoundHost>;
  private readonly said = h('p', { class: 'said', role: 'status' });
  private readonly spoken = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private readonly header: Header;
  private readonly rail: Rail;
  private readonly pane: QueuePane;
  private readonly keys: KeyBar;
  private announced = '';

  constructor(
    private readonly api: ViewApi<ViewState>,
    port: Port,
  ) {
    this.channel = new Channel(port, {});
    this.channel.on('changed', (state) => this.take(state));
    this.channel.on('edit', ({ place }) => this.pane.beginEdit(place));
    const ask = (name: 'judge' | 'append' | 'train' | 'next' | 'openRun') => () =>
      this.run(this.channel.request(name, null));
    this.header = new Header({
      show: (round) => this.run(this.channel.request('show', { round })),
      rewards: () => this.act('rewards'),
      judge: ask('judge'),
      append: ask('append'),
      train: ask('train'),
      next: ask('next'),
    });
    this.rail = new Rail(ask('openRun'));
    this.pane = new QueuePane({
      mark: (as, place) => this.act(as, place),
      edited: (key, place, text) => this.run(this.channel.request('edited', { key, place, text })),
    });
    this.keys = new KeyBar((action) => this.act(action));
    const work = h('div', { class: 'work' }, this.pane.element, this.said, this.keys.element);
    const body = h('div', { class: 'round' }, this.rail.element, work);
    replace(document.body, this.header.element, body, this.spoken);
    document.addEventListener('visibilitychange', () => document.hidden || this.run(this.start()));
    this.run(this.start());
  }

  private async start(): Promise<void> {
    this.take(await this.channel.request('hello', null));
    if (document.activeElement === document.body) this.pane.element.focus();
  }

  private take(state: RoundState): void {
    this.api.setState({ folder: state.folder });
    const focused = document.activeElement;
    this.header.draw(state);
    this.rail.draw(state);
    this.pane.draw(state.queue);
    this.keys.draw(state);
    this.said.textContent = [state.queue.hint, state.damaged].filter((text) => text !== '').join(' ');
    // A redrawn button loses the focus, and the keys would go to nobody.
    if (focused && !focused.isConnected) refocus(this.pane.element);
    this.announce(state);
  }

  private announce({ queue }: RoundState): void {
    const said = queue.prompt ? strings.announce(queue) : '';
    if (said !== this.announced) this.spoken.textContent = said;
    this.announced = said;
  }

  private act(action: RoundAction, place: number | null = null): void {
    this.run(this.channel.request('act', { action, place }));
  }

  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => {
      this.said.textContent = errorMessage(error);
    });
  }
}
