import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, ChannelError } from '../../src/protocol/channel';
import type {
  RewardNews,
  ShownPair,
  TokenExample,
  TokenRewardsHost,
  TokenRewardsState,
  TokenRewardsView as Own,
} from '../../src/protocol/tokenRewards';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import type { TokenPlace } from './answerView';
import { Header } from './header';
import { PairBody } from './pairBody';
import { RankedTables } from './rankedTables';
import { strings } from './strings';

type Tab = 'pair' | 'set';

/** The tab that a person chose for a file. */
interface Remembered {
  readonly name: string;
  readonly tab: Tab;
}

/** Rewards token by token: of a pair of a run or file, and of all tokens of a file. */
export class TokenRewardsView {
  private readonly channel: Channel<Own, TokenRewardsHost>;
  private readonly header: Header;
  private readonly tabBar = h('nav', { class: 'tab-bar' });
  private readonly body = h('main', { class: 'content' });
  private readonly live = h('div', { class: 'sr-only', role: 'status', aria: { live: 'polite' } });
  private readonly pairBody = new PairBody();
  private readonly ranked: RankedTables;
  private state: TokenRewardsState | null = null;
  /** The revision and step that are drawn, so that a view that is shown again does not score again. */
  private drawn = '';
  private tab: Tab = 'pair';
  /** What was shown before VS Code took the hidden view away. */
  private remembered: Remembered | undefined;
  private scoring: AbortController | null = null;
  /** The token to show when its pair has arrived. */
  private awaited: TokenPlace | null = null;

  constructor(private readonly api: ViewApi<Remembered>) {
    this.remembered = api.getState();
    const channel = new Channel<Own, TokenRewardsHost>(channelPort(api), {});
    this.channel = channel;
    const take = (state: TokenRewardsState): void => this.take(state);
    this.header = new Header({
      step: (step) => this.run(channel.request('step', { step }).then(take)),
      go: (pair) => this.run(channel.request('go', { pair }).then(take)),
      scoreAll: () => this.run(channel.request('scoreAll', null)),
      openPair: () => this.run(channel.request('openPair', null)),
    });
    this.ranked = new RankedTables({
      tokens: (query) => channel.request('tokens', query),
      examples: (query) => channel.request('examples', query),
      open: (example) => this.openExample(example),
      announce: (text) => this.say(text),
      failed: (error) => this.fail(error),
    });
    replace(document.body, this.header.element, this.tabBar, this.body, this.live);
    channel.on('changed', take);
    channel.on('news', ({ news }) => this.scoring && this.wait(news));
    const hello = (): void => this.run(channel.request('hello', null).then(take));
    document.addEventListener('visibilitychange', () => document.hidden || hello());
    const recolour = new MutationObserver(() => this.pairBody.recolour());
    recolour.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    recolour.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    hello();
  }

  private take(state: TokenRewardsState): void {
    const shown = JSON.stringify(state);
    if (shown === this.drawn) return;
    const { remembered } = this;
    if (state.name !== this.state?.name) this.tab = remembered?.name === state.name ? remembered.tab : 'pair';
    this.remembered = undefined;
    this.state = state;
    this.drawn = shown;
    this.header.draw(state);
    this.drawTabs();
    this.load();
  }

  private load(): void {
    this.run(this.tab === 'pair' ? this.loadPair() : this.loadSet());
  }

  private async loadPair(): Promise<void> {
    this.scoring?.abort();
    const scoring = new AbortController();
    this.scoring = scoring;
    this.wait(null);
    try {
      const pair = await this.channel.request('pair', null, scoring.signal);
      if (this.scoring === scoring) this.showPair(pair);
    } catch (error) {
      // Another pair was asked for meanwhile.
      if (this.scoring !== scoring) return;
      if (error instanceof ChannelError && error.code === 'aborted') this.put(this.stopped(strings.cancelled));
      else this.fail(error);
    } finally {
      if (this.scoring === scoring) this.scoring = null;
    }
  }

  private showPair(pair: ShownPair): void {
    if (!this.state) return;
    this.header.drawPair(this.state, pair);
    this.put(this.pairBody.element);
    this.pairBody.show(pair);
    const { chosen, rejected } = pair;
    const sums = [
      strings.answer(strings.names.chosen, chosen.tokens, chosen.reward),
      strings.answer(strings.names.rejected, rejected.tokens, rejected.reward),
    ];
    this.say(`${strings.line(pair.line)}. ${sums.join('. ')}.`);
    if (this.awaited) this.pairBody.reveal(this.awaited);
    this.awaited = null;
  }

  private async loadSet(): Promise<void> {
    this.put(this.ranked.element);
    await this.ranked.show();
  }

  private openExample({ pair, side, index }: TokenExample): void {
    this.awaited = { side, index };
    this.choose('pair', false);
    this.run(this.channel.request('go', { pair }).then((state) => this.take(state)));
  }

  /** Says what happens before the pair is there, with a way to end it. */
  private wait(news: RewardNews | null): void {
    const text = news === null ? strings.reading : strings.news[news];
    const cancel = button({ label: strings.cancel, onClick: () => this.scoring?.abort() });
    this.put(h('div', { class: 'empty', role: 'status' }, h('span', { class: 'pulse' }, text), cancel));
  }

  private drawTabs(): void {
    const tabs = (['pair', 'set'] as const).map((tab) =>
      h(
        'button',
        { class: 'option', aria: { pressed: String(tab === this.tab) }, on: { click: () => this.choose(tab) } },
        strings.tabs[tab],
      ),
    );
    this.tabBar.hidden = this.state?.kind !== 'file';
    const focused = [...this.tabBar.children].findIndex((one) => one === document.activeElement);
    replace(this.tabBar, ...tabs);
    tabs[focused]?.focus();
  }

  /** @param loads whether to show the tab now */
  private choose(tab: Tab, loads = true): void {
    if (tab === this.tab && loads) return;
    this.tab = tab;
    if (this.state) this.api.setState({ name: this.state.name, tab });
    this.drawTabs();
    if (loads) this.load();
    else this.drawn = '';
  }

  private fail(error: unknown): void {
    if (error instanceof ChannelError && error.code === 'disposed') return;
    const isUntrusted = error instanceof ChannelError && error.code === 'untrusted';
    const trust = (): void => this.run(this.channel.request('trust', null));
    const action = isUntrusted ? button({ label: strings.trust, primary: true, onClick: trust }) : null;
    this.put(action ? h('div', { class: 'empty' }, errorMessage(error), action) : this.stopped(errorMessage(error)));
  }

  private stopped(text: string): HTMLElement {
    const again = button({ label: strings.again, onClick: () => this.load() });
    return h('div', { class: 'empty', role: 'alert' }, text, again);
  }

  private say(text: string): void {
    this.live.textContent = text;
  }

  private put(element: HTMLElement): void {
    if (this.body.firstElementChild !== element) replace(this.body, element);
  }

  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.fail(error));
  }
}
