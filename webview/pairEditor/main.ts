import '../shared/theme.css';
import './pairEditor.css';
import { Channel } from '../../src/protocol/channel';
import type { Overview, PairEditorHost, PairEditorView, RowSummary, View } from '../../src/protocol/pairEditor';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { button, dropdown, registerControls, textField } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { counted, signed } from '../shared/format';
import { VirtualList } from '../shared/virtualList';
import { PairPane, type RowEdit } from './pairPane';
import { strings } from './strings';

const pageSize = 100;
/** Typing in the filter settles before the host searches. */
const settleMs = 200;

interface ViewState {
  readonly row: number;
  readonly view: View;
  readonly diff: boolean;
}

type Act = PairEditorHost['events']['act']['name'];

const initial: ViewState = { row: 0, view: { filter: '', sort: 'row', descending: false, rewards: null }, diff: true };

/** List at the left, pair at the right; every row is pulled from the host when it is needed. */
class PairEditor {
  private readonly toolbar = h('div', { class: 'bar' });
  private readonly counts = h('span', { class: 'num' });
  private readonly rewards = h('span', { class: 'rewards' });
  private readonly head = h('div', { class: 'list-head muted' });
  private readonly foot = h('div', { class: 'bar foot' });
  private readonly announce = h('div', { class: 'sr-only', aria: { live: 'polite' } });
  private readonly filter: HTMLElement & { value: string };
  private readonly channel: Channel<PairEditorView, PairEditorHost>;
  private readonly list: VirtualList;
  private readonly pane: PairPane;
  private pages = new Map<number, readonly RowSummary[]>();
  private asked = new Set<number>();
  private overview: Overview | null = null;
  private timer = 0;
  private widest = 1;

  constructor(private readonly api: ViewApi<ViewState>) {
    this.channel = new Channel<PairEditorView, PairEditorHost>(channelPort(api), {});
    this.filter = textField(strings.filter, (text) => this.filterSoon(text));
    this.filter.value = this.state.view.filter;
    this.pane = new PairPane((row, edit) => void this.edit(row, edit));
    this.list = new VirtualList({
      label: strings.rowLabel,
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.need(from, count),
      select: (index) => void this.selectIndex(index),
      open: () => this.pane.beginEdit(),
    });
    replace(this.toolbar, this.filter, this.counts, h('span', { class: 'grow' }), this.rewards, button({ label: 'Diff', icon: 'diff', title: 'Mark words that differ', onClick: () => this.toggleDiff() }));
    const side = h('nav', { class: 'side' }, this.head, this.list.element);
    replace(document.body, this.toolbar, h('div', { class: 'split' }, side, this.pane.element), this.foot, this.announce);
    this.drawFoot();
    this.listen();
    void this.start();
  }

  private get state(): ViewState {
    return this.api.getState() ?? initial;
  }

  private setState(part: Partial<ViewState>): void {
    this.api.setState({ ...this.state, ...part });
  }

  private listen(): void {
    this.channel.on('changed', (overview) => void this.take(overview));
    this.channel.on('reveal', ({ row }) => void this.reveal(row));
    this.channel.on('act', ({ name }) => this.act(name));
    document.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('visibilitychange', () => document.hidden || void this.setView({}));
  }

  private async start(): Promise<void> {
    await this.take(await this.channel.request('hello', { version: 1 }));
    const { view } = this.state;
    if (view.filter !== '' || view.sort !== 'row' || view.rewards !== null) await this.setView({});
    this.list.element.focus();
  }

  private async setView(part: Partial<View>): Promise<void> {
    const view = { ...this.state.view, ...part };
    this.setState({ view });
    await this.take(await this.channel.request('setView', view));
    this.announce.textContent = `${this.overview?.shown ?? 0} rows shown`;
  }

  private filterSoon(filter: string): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.setView({ filter }), settleMs);
  }

  private async take(overview: Overview): Promise<void> {
    this.overview = overview;
    this.pages = new Map();
    this.asked = new Set();
    this.drawCounts(overview);
    this.drawHead();
    this.list.setCount(overview.shown);
    if (overview.shown === 0) {
      const insert = button({ label: strings.insertFirst, icon: 'add', primary: true, onClick: () => void this.edit(0, { kind: 'insert' }) });
      return this.pane.clear(h('p', {}, overview.indexing ? 'Reading the file…' : overview.rows === 0 ? strings.empty : strings.nothingShown), ...(overview.rows === 0 && !overview.indexing ? [insert] : []));
    }
    const place = await this.channel.request('position', { row: Math.min(this.state.row, overview.rows - 1) });
    this.list.show(place ?? 0);
    await this.showDetail(place === null ? await this.rowAt(0) : this.state.row);
  }

  private drawCounts({ shown, rows, problemRows, indexing, rewards, rewardChoices }: Overview): void {
    const flaws = h('button', { class: 'link warn', title: 'Show rows with problems', on: { click: () => this.setFilter('problem') } }, icon('warning'), ` ${counted(problemRows)}`);
    replace(this.counts, h('b', {}, counted(shown)), h('span', { class: 'muted' }, shown === rows ? ' pairs' : ` of ${counted(rows)} pairs`), indexing ? h('span', { class: 'muted' }, ' · reading…') : null, ' ', problemRows > 0 ? flaws : null);
    const choices = rewardChoices.map(({ id, label }) => ({ id, label }));
    replace(this.rewards, rewards ? dropdown('Rewards of', choices, rewards.id, (id) => void this.setView({ rewards: id })) : null);
  }

  private setFilter(filter: string): void {
    this.filter.value = filter;
    void this.setView({ filter });
  }

  private drawHead(): void {
    const { sort, descending } = this.state.view;
    const arrow = (column: View['sort']): string => (sort !== column ? '' : descending ? ' ▼' : ' ▲');
    const by = (column: View['sort']): void => void this.setView({ sort: column, descending: sort === column && !descending });
    replace(
      this.head,
      h('button', { class: 'link num', on: { click: () => by('row') } }, `#${arrow('row')}`),
      h('span', { class: 'clip' }, 'prompt'),
      h('span'),
      this.overview?.rewards ? h('button', { class: 'link num', on: { click: () => by('margin') } }, `margin${arrow('margin')}`) : h('span'),
      h('span'),
    );
  }

  private drawFoot(): void {
    const action = (label: string, key: string, name: Act): HTMLElement => h('button', { class: 'link action', on: { click: () => this.act(name) } }, label, h('kbd', {}, key));
    const where = h('span', { class: 'muted clip' });
    replace(
      this.foot,
      action('Swap', 'S', 'swap'),
      action('Edit', 'E', 'edit'),
      action('Insert', 'I', 'insert'),
      action('Duplicate', 'D', 'duplicate'),
      action('Delete', 'Del', 'delete'),
      h('span', { class: 'grow' }),
      action('Previous', 'K', 'previous'),
      action('Next', 'J', 'next'),
      action('Filter', '/', 'focusFilter'),
      where,
    );
  }

  private key(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Readonly<Record<string, Act>> = { s: 'swap', e: 'edit', F2: 'edit', i: 'insert', d: 'duplicate', Delete: 'delete', j: 'next', k: 'previous', '/': 'focusFilter' };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  private act(name: Act): void {
    switch (name) {
      case 'next':
        return this.list.move(this.list.selected + 1);
      case 'previous':
        return this.list.move(this.list.selected - 1);
      case 'edit':
        return this.pane.beginEdit();
      case 'focusFilter':
        return this.filter.focus();
      case 'swap':
      case 'delete':
      case 'duplicate':
      case 'insert':
        void this.edit(this.state.row, { kind: name });
    }
  }

  private async edit(row: number, edit: RowEdit): Promise<void> {
    try {
      const answer = await this.channel.request('edit', { revision: this.overview?.revision ?? 0, edit: { ...edit, row } });
      this.select(answer.row);
      this.announce.textContent = edit.kind;
    } catch (error) {
      this.announce.textContent = error instanceof Error ? error.message : String(error);
      this.pane.clear(h('p', { class: 'bad' }, this.announce.textContent));
    }
  }

  private toggleDiff(): void {
    this.setState({ diff: !this.state.diff });
    void this.showDetail(this.state.row);
  }

  private async reveal(row: number): Promise<void> {
    const place = await this.channel.request('position', { row });
    // A row that the filter hides is what was asked for, so the filter goes.
    if (place === null) this.setFilter('');
    this.list.show((await this.channel.request('position', { row })) ?? 0);
    this.select(row);
    await this.showDetail(row);
  }

  private select(row: number): void {
    this.setState({ row });
    this.channel.emit('selected', { row });
  }

  private async selectIndex(index: number): Promise<void> {
    const row = await this.rowAt(index);
    this.select(row);
    await this.showDetail(row);
  }

  private async rowAt(index: number): Promise<number> {
    const known = this.summary(index);
    if (known) return known.row;
    const { rows } = await this.channel.request('rows', { from: index, count: 1 });
    return rows[0]?.row ?? 0;
  }

  private async showDetail(row: number): Promise<void> {
    const detail = await this.channel.request('detail', { row });
    if (this.state.row !== row && this.overview?.shown !== 0) this.select(row);
    this.pane.show(detail, this.state.diff);
    const where = this.foot.lastElementChild;
    if (where) where.textContent = `Line ${counted(detail.line)}${detail.pair ? ` · ${detail.pair.shape}` : ''}`;
  }

  private need(from: number, count: number): void {
    for (let page = Math.floor(from / pageSize); page * pageSize < from + count; page++) {
      if (this.asked.has(page)) continue;
      this.asked.add(page);
      const { pages } = this;
      void this.channel.request('rows', { from: page * pageSize, count: pageSize }).then(({ rows }) => {
        pages.set(page, rows);
        for (const { margin } of rows) this.widest = Math.max(this.widest, Math.abs(margin ?? 0));
        if (pages === this.pages) this.list.refresh();
      });
    }
  }

  private summary(index: number): RowSummary | undefined {
    return this.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.summary(index);
    element.classList.add('pair-row');
    if (!row) return;
    const bar = h('span', { class: 'mini' });
    if (row.margin !== null) bar.append(miniBar(row.margin, this.widest));
    element.append(
      h('span', { class: 'num muted' }, String(row.line)),
      h('span', { class: row.kind === 'pair' ? 'clip' : 'clip warn', title: row.label }, row.label),
      bar,
      h('span', { class: 'num' }, row.margin === null ? '' : signed(row.margin)),
      h('span', { class: 'marks' }, row.edited ? icon('edit') : row.problems > 0 ? icon('warning') : null),
    );
  }
}

function miniBar(margin: number, widest: number): HTMLElement {
  const fill = h('i');
  const share = (50 * Math.abs(margin)) / widest;
  fill.style.width = `${share}%`;
  fill.style.left = margin < 0 ? `${50 - share}%` : '50%';
  fill.style.background = `var(${margin < 0 ? '--vscode-charts-red' : '--vscode-charts-green'})`;
  return fill;
}

registerControls();
new PairEditor(acquireVsCodeApi<ViewState>());
