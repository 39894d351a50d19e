import 'uplot/dist/uPlot.min.css';
import '../shared/theme.css';
import './runPanel.css';
import { Channel } from '../../src/protocol/channel';
import type { Curves, RunDetail, RunPanelHost, RunPanelView } from '../../src/protocol/runPanel';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { button, registerControls } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { compact } from '../shared/format';
import { Chart, chartSpecs } from './charts';
import { drawHeader } from './header';
import { PairsTab } from './pairsTab';

const tabs = ['curves', 'pairs', 'samples', 'config', 'log'] as const;
type Tab = (typeof tabs)[number];

interface ViewState {
  readonly folder: string | null;
  readonly tab: Tab;
  readonly table: boolean;
}

/** The run panel: one view for the bottom panel, a side bar, and an editor tab. */
class RunView {
  private readonly header = h('div', { class: 'bar' });
  private readonly progress = h('div', { class: 'progress' });
  private readonly tabBar = h('div', { class: 'tabs', role: 'tablist' });
  private readonly body = h('div', { class: 'body' });
  private readonly charts = chartSpecs.map((spec) => new Chart(spec));
  private readonly grid = h('div', { class: 'charts' }, ...this.charts.map(({ element }) => element));
  private readonly remark = h('p', { class: 'remark' });
  private readonly announce = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private readonly channel: Channel<RunPanelView, RunPanelHost>;
  private readonly pairs: PairsTab;
  private detail: RunDetail | null = null;
  private busy = false;
  private again = false;

  constructor(private readonly api: ViewApi<ViewState>) {
    this.channel = new Channel<RunPanelView, RunPanelHost>(channelPort(api), {});
    this.pairs = new PairsTab({
      pairs: (query) => this.channel.request('pairs', query),
      open: ({ key, line }) => void this.channel.request('openPair', { key, line }),
    });
    replace(document.body, this.header, this.progress, this.tabBar, this.body, this.announce);
    this.channel.on('changed', () => void this.refresh());
    document.addEventListener('visibilitychange', () => document.hidden || void this.refresh());
    new ResizeObserver(() => void this.drawCurves()).observe(this.body);
    const recolour = new MutationObserver(() => {
      for (const chart of this.charts) chart.forget();
      void this.drawCurves();
    });
    recolour.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    recolour.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    void this.refresh();
  }

  private get state(): ViewState {
    return this.api.getState() ?? { folder: null, tab: 'curves', table: false };
  }

  private setState(part: Partial<ViewState>): void {
    this.api.setState({ ...this.state, ...part });
  }

  /** One question at a time; what changed meanwhile is asked once more. */
  private async refresh(): Promise<void> {
    if (this.busy) return void (this.again = true);
    this.busy = true;
    try {
      await this.load(await this.channel.request('hello', { version: 1, folder: this.state.folder }));
    } catch (error) {
      replace(this.body, h('div', { class: 'empty warn' }, error instanceof Error ? error.message : String(error)));
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      void this.refresh();
    }
  }

  private async select(folder: string): Promise<void> {
    this.setState({ folder });
    await this.load(await this.channel.request('select', { folder }));
  }

  private async load(detail: RunDetail): Promise<void> {
    const ended = this.detail?.run?.status !== detail.run?.status && this.detail !== null;
    const rewardsChanged = this.detail?.rewardSteps.length !== detail.rewardSteps.length || this.detail.run?.folder !== detail.run?.folder;
    this.detail = detail;
    if (ended && detail.run) this.announce.textContent = `${detail.run.name}: ${detail.run.status}`;
    drawHeader(this.header, detail, {
      control: (want) => void this.channel.request('control', { want }),
      command: (name) => void this.channel.request('command', { name }),
      select: (folder) => void this.select(folder),
    });
    const { step = 0, steps = 0 } = detail.run?.state ?? {};
    this.progress.style.width = `${steps === 0 ? 0 : (100 * step) / steps}%`;
    this.header.hidden = this.tabBar.hidden = detail.run === null;
    this.drawTabs();
    if (this.state.tab !== 'pairs' || rewardsChanged || !this.pairs.element.isConnected) await this.drawBody();
  }

  private drawTabs(): void {
    const choose = (tab: Tab): void => {
      this.setState({ tab });
      this.drawTabs();
      void this.drawBody();
    };
    const elements = tabs.map((tab) =>
      h('button', { class: tab === this.state.tab ? 'tab active' : 'tab', role: 'tab', aria: { selected: String(tab === this.state.tab) }, on: { click: () => choose(tab) } }, tab),
    );
    const asTable = h('button', { class: 'link', on: { click: () => (this.setState({ table: !this.state.table }), void this.drawBody()) } }, this.state.table ? 'as curves' : 'as table');
    replace(this.tabBar, ...elements, h('span', { class: 'grow' }), this.state.tab === 'curves' ? asTable : null);
  }

  private async drawBody(): Promise<void> {
    const { detail } = this;
    if (!detail?.run) return this.drawEmpty();
    switch (this.state.tab) {
      case 'curves':
        this.remark.textContent = detail.remark ?? '';
        this.remark.hidden = detail.remark === null;
        return this.drawCurves();
      case 'pairs':
        replace(this.body, this.pairs.element);
        return this.pairs.show(detail);
      case 'samples':
        return replace(this.body, ...samples(detail));
      case 'config':
        return replace(this.body, h('pre', {}, JSON.stringify(detail.config, null, 2)));
      case 'log':
        return replace(this.body, h('pre', {}, (await this.channel.request('log', { lines: 500 })) || 'The log is empty.'));
    }
  }

  private drawEmpty(): void {
    const train = button({ label: 'Train…', primary: true, onClick: () => void this.channel.request('command', { name: 'train' }) });
    replace(this.body, h('div', { class: 'empty' }, 'No run yet. Training writes its curves, rewards and checkpoints here.', train));
  }

  private async drawCurves(): Promise<void> {
    const { run } = this.detail ?? {};
    if (!run || this.state.tab !== 'curves' || this.body.clientWidth === 0) return;
    const failure = run.state?.error;
    const curves = await this.channel.request('curves', { width: this.body.clientWidth });
    if (curves.steps.length === 0) {
      const text = failure ? failure.message : run.status === 'starting' || run.status === 'running' ? 'Waiting for the first point…' : 'This run has no points.';
      return replace(this.body, h('div', { class: failure ? 'empty bad' : 'empty' }, text));
    }
    const error = failure ? h('p', { class: 'remark bad' }, failure.message) : null;
    if (this.state.table) return replace(this.body, error, pointTable(curves));
    if (!this.grid.isConnected || error) replace(this.body, error, this.grid, this.remark);
    const columns = Math.max(1, Math.floor((this.body.clientWidth - 24) / 260));
    const width = Math.floor((this.body.clientWidth - 24 - (columns - 1) * 22) / columns);
    this.grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    for (const chart of this.charts) chart.draw(curves, width);
  }
}

function samples({ samples: list }: RunDetail): HTMLElement[] {
  if (list.length === 0) return [h('div', { class: 'empty' }, 'Answers before and after stand here when the run ends.')];
  return list.map(({ prompt, before, after }) =>
    h('section', { class: 'sample' }, h('b', {}, prompt), h('span', { class: 'muted' }, 'before'), h('span', {}, before), h('span', { class: 'muted' }, 'after'), h('span', {}, after)),
  );
}

/** The same points for screen readers and for copying. */
function pointTable({ steps, series }: Curves): HTMLElement {
  const names = Object.keys(series);
  const head = h('tr', {}, ...['step', ...names].map((name) => h('th', { class: 'num' }, name)));
  const rows = Array.from(steps, (step, i) => h('tr', {}, h('td', { class: 'num' }, String(step)), ...names.map((name) => h('td', { class: 'num' }, compact(series[name]?.[i] ?? Number.NaN)))));
  return h('div', { class: 'table' }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows.reverse())));
}

registerControls();
new RunView(acquireVsCodeApi<ViewState>());
