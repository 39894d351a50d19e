import { errorMessage } from '../../src/base/pure/marginError';
import { Channel, ChannelError, type Port } from '../../src/protocol/channel';
import type { RunDetail, RunPanelHost, RunPanelView } from '../../src/protocol/runPanel';
import type { PairsBehind } from '../../src/run/symptoms/symptom';
import type { ViewApi } from '../shared/channelPort';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { choicesOf, type CurveChoices, defaultChoices } from './curveChoices';
import { CurvesTab } from './curvesTab';
import { curveRequests } from './curveRequests';
import { GradientTab } from './gradient/gradientTab';
import { Header } from './header';
import { keptChoices, type PairChoices } from './pairs/pairChoices';
import { PairsTab } from './pairs/pairsTab';
import { pairRequests } from './pairs/pairRequests';
import { SamplesTab } from './samplesTab';
import { strings } from './strings';
import { configOf, LogTab } from './textTabs';

const tabs = ['curves', 'pairs', 'gradient', 'samples', 'config', 'log'] as const;
type Tab = (typeof tabs)[number];

export interface ViewState {
  /** Folder of the shown run; null if the view follows the newest. */
  readonly folder: string | null;
  readonly tab: Tab;
  readonly curves: CurveChoices;
  readonly pairs: PairChoices;
}

const logLines = 500;

/** The run panel, as a view of the bottom panel or a side bar, and as an editor tab. */
export class RunView {
  private readonly header: Header;
  private readonly tabBar = h('div', { class: 'tabs' });
  private readonly tabList = h('div', { class: 'tab-list', role: 'tablist' });
  private readonly body = h('div', { class: 'body', role: 'tabpanel', tabIndex: 0 });
  private readonly announcer = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private readonly channel: Channel<RunPanelView, RunPanelHost>;
  private readonly curves: CurvesTab;
  private readonly pairs: PairsTab;
  private readonly gradient: GradientTab;
  private readonly samples: SamplesTab;
  private readonly log = new LogTab();
  private detail: RunDetail | null = null;
  private busy = false;
  private again = false;

  constructor(
    private readonly api: ViewApi<Partial<ViewState>>,
    port: Port,
  ) {
    const channel = new Channel<RunPanelView, RunPanelHost>(port, {});
    this.channel = channel;
    this.header = new Header({
      control: (want) => this.run(channel.request('control', { want })),
      command: (name) => this.command(name),
      select: (folder) => this.run(this.ask(() => channel.request('select', { folder }))),
    });
    this.curves = new CurvesTab({
      ...curveRequests(channel, (promise) => this.run(promise)),
      showPairs: (pairs) => this.showPairs(pairs),
      choices: () => this.state.curves,
      choose: (curves) => {
        this.setState({ curves });
        this.run(channel.request('remember', { ...curves }));
      },
      announce: (text) => this.announce(text),
    });
    this.pairs = new PairsTab({
      ...pairRequests(channel),
      open: ({ key, line }) => this.run(channel.request('openPair', { key, line })),
      tokens: ({ key, row }, step) => this.run(channel.request('tokens', { key, row, step })),
      suspects: () => this.command('findSuspects'),
      showInEditor: ({ filter, step, before, beforeRun }) =>
        this.run(channel.request('showInEditor', { filter, step, before, beforeRun })),
      save: (query) => this.run(channel.request('savePairs', query)),
      choices: () => this.state.pairs,
      choose: (part) => this.setState({ pairs: { ...this.state.pairs, ...part } }),
      announce: (text) => this.announce(text),
      score: () => this.command('score'),
      failed: (error) => this.fail(error),
    });
    this.gradient = new GradientTab({
      gradient: (step, choice) => channel.request('gradient', { step, choice }),
      open: ({ key, line }) => this.run(channel.request('openPair', { key, line })),
      showPairs: (pairs) => this.showPairs(pairs),
      announce: (text) => this.announce(text),
      failed: (error) => this.fail(error),
    });
    this.samples = new SamplesTab(
      (step) => channel.request('samples', { step }),
      (error) => this.fail(error),
    );
    replace(this.tabBar, this.tabList, h('span', { class: 'grow' }), this.curves.options);
    replace(document.body, this.header.element, this.tabBar, this.body, this.announcer);
    this.drawTabs();
    channel.on('changed', () => this.refresh());
    document.addEventListener('visibilitychange', () => this.refresh());
    this.followTheme();
    this.refresh();
  }

  private get state(): ViewState {
    const kept = this.api.getState();
    return { folder: null, tab: 'curves', curves: defaultChoices, ...kept, pairs: keptChoices(kept?.pairs) };
  }

  private setState(part: Partial<ViewState>): void {
    this.api.setState({ ...this.state, ...part });
  }

  private followTheme(): void {
    const recolour = new MutationObserver(() => {
      this.curves.recolour();
      this.pairs.recolour();
    });
    recolour.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    recolour.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  private announce(text: string): void {
    this.announcer.textContent = text;
  }

  private refresh(): void {
    if (!document.hidden) this.run(this.ask(() => this.channel.request('hello', { folder: this.state.folder })));
  }

  /**
   * Sends one request at a time. A request that comes before the answer makes the view ask for everything once more.
   */
  private async ask(question: () => Promise<RunDetail>): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      await this.load(await question());
    } catch (error) {
      this.fail(error);
    } finally {
      this.busy = false;
    }
    if (!this.again) return;
    this.again = false;
    this.refresh();
  }

  private command(name: RunPanelHost['requests']['command']['params']['name']): void {
    this.run(this.channel.request('command', { name }));
  }

  /** Does not wait for a promise, but shows its error. */
  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (error instanceof ChannelError && error.code === 'disposed') return;
    replace(this.body, h('div', { class: 'empty bad', role: 'alert' }, errorMessage(error)));
  }

  private async load(detail: RunDetail): Promise<void> {
    const { run, reveal, pinned } = detail;
    const ended = this.detail?.run?.folder === run?.folder && this.detail?.run?.status !== run?.status;
    if (this.detail === null && detail.curveMemory !== null) {
      this.setState({ curves: choicesOf(detail.curveMemory) });
      this.curves.choicesChanged();
    }
    this.detail = detail;
    this.setState({ folder: pinned, ...(reveal ? { tab: reveal.tab } : {}) });
    if (ended && run) this.announce(`${run.name}: ${strings.status[run.status]}`);
    this.header.show(detail.preparing === null ? detail : { ...detail, run: null });
    this.drawTabs();
    await this.drawBody(reveal?.key ?? null);
  }

  private drawTabs(): void {
    const shown = this.state.tab;
    this.tabBar.hidden = !this.detail?.run || this.detail.preparing !== null;
    this.curves.options.hidden = shown !== 'curves';
    if (this.tabList.childElementCount > 0 && this.tabList.querySelector('.active')?.id === `tab-${shown}`) return;
    const elements = tabs.map((tab) =>
      h(
        'button',
        {
          class: tab === shown ? 'tab active' : 'tab',
          id: `tab-${tab}`,
          role: 'tab',
          tabIndex: tab === shown ? 0 : -1,
          aria: { selected: String(tab === shown) },
          on: { click: () => this.choose(tab), keydown: (event) => this.tabKey(event, tab) },
        },
        strings.tabs[tab],
      ),
    );
    replace(this.tabList, ...elements);
  }

  private choose(tab: Tab): void {
    this.setState({ tab });
    this.drawTabs();
    this.tabList.querySelector<HTMLElement>('.active')?.focus();
    this.run(this.drawBody(null));
  }

  private showPairs(pairs: PairsBehind): void {
    this.pairs.choose(pairs);
    this.choose('pairs');
  }

  private tabKey(event: Event, tab: Tab): void {
    if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    this.choose(next);
  }

  private async drawBody(key: string | null): Promise<void> {
    const { detail } = this;
    if (!detail) return;
    if (detail.preparing !== null)
      return this.put(h('div', { class: 'empty', role: 'status' }, strings.preparing(detail.preparing)));
    if (!detail.run) return this.put(this.emptyState());
    switch (this.state.tab) {
      case 'curves':
        this.put(this.curves.element);
        return this.curves.show(detail);
      case 'pairs':
        this.put(this.pairs.element);
        return this.pairs.show(detail, key);
      case 'gradient':
        this.put(this.gradient.element);
        return this.gradient.show(detail);
      case 'samples':
        this.put(this.samples.element);
        return this.samples.show(detail);
      case 'config':
        return this.put(...configOf(detail, () => this.command('openConfig')));
      case 'log':
        this.put(this.log.element);
        return this.log.show(await this.channel.request('log', { lines: logLines }));
    }
  }

  /** Shows some elements. Elements that are shown already keep their scroll position and focus. */
  private put(...children: HTMLElement[]): void {
    const there = [...this.body.children];
    const same =
      there.length === children.length &&
      children.every((child, i) => child === there[i] || child.isEqualNode(there[i] ?? null));
    if (!same) replace(this.body, ...children);
  }

  private emptyState(): HTMLElement {
    const train = button({
      label: strings.actions.train,
      primary: true,
      onClick: () => this.command('train'),
    });
    return h('div', { class: 'empty' }, strings.noRun, train);
  }
}
