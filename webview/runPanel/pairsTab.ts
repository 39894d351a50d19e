import type { PairsPage, PairsQuery, RunDetail } from '../../src/protocol/runPanel';
import { dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { counted, signed } from '../shared/format';
import { VirtualList } from '../shared/virtualList';

type Sort = PairsQuery['sort'];
type Row = PairsPage['rows'][number];

const columns: readonly { readonly sort: Sort | null; readonly label: string; readonly class: string }[] = [
  { sort: 'line', label: 'line', class: 'num' },
  { sort: null, label: 'prompt', class: 'clip' },
  { sort: 'chosen', label: 'chosen', class: 'num wide' },
  { sort: 'rejected', label: 'rejected', class: 'num wide' },
  { sort: null, label: '', class: 'wide' },
  { sort: 'margin', label: 'margin', class: 'num' },
  { sort: 'before', label: 'was', class: 'num wide' },
];

const pageSize = 100;

export interface PairsSource {
  pairs(query: PairsQuery): Promise<PairsPage>;
  open(row: Row): void;
}

/** Every pair's reward at one step: histogram, sortable table; a row opens in the editor. */
export class PairsTab {
  readonly element = h('div', { class: 'pairs' });
  private readonly head = h('div', { class: 'pairs-head muted' });
  private readonly summary = h('div', { class: 'bar' });
  private readonly bars = h('div', { class: 'histogram', role: 'img' });
  private readonly list: VirtualList;
  private query: PairsQuery = { step: 0, sort: 'margin', descending: false, brush: null, from: 0, count: pageSize };
  private pages = new Map<number, readonly Row[]>();
  private asked = new Set<number>();
  private widest = 1;

  constructor(private readonly source: PairsSource) {
    this.list = new VirtualList({
      label: 'Pairs by reward margin',
      draw: (element, index) => this.drawRow(element, index),
      visible: (from, count) => this.need(from, count),
      select: () => undefined,
      open: (index) => this.open(index),
    });
    replace(this.element, this.summary, this.bars, this.head, this.list.element);
  }

  async show(detail: RunDetail): Promise<void> {
    const newest = detail.rewardSteps.at(-1);
    if (newest === undefined) {
      replace(this.element, h('div', { class: 'empty' }, 'No rewards yet. They are written before the first step and at the end of the run.'));
      return;
    }
    replace(this.element, this.summary, this.bars, this.head, this.list.element);
    const step = detail.rewardSteps.includes(this.query.step) && this.query.step > 0 ? this.query.step : newest;
    this.query = { ...this.query, step };
    await this.reload(detail.rewardSteps);
  }

  private async reload(steps: readonly number[]): Promise<void> {
    this.pages = new Map();
    this.asked = new Set();
    const first = await this.source.pairs({ ...this.query, from: 0 });
    this.pages.set(0, first.rows);
    this.asked.add(0);
    this.widest = Math.max(...first.histogram.edges.map(Math.abs), 1e-9);
    this.drawSummary(first, steps);
    this.drawHistogram(first, steps);
    this.drawHead(steps);
    this.list.setCount(first.shown);
  }

  private drawSummary({ total, negative, shown }: PairsPage, steps: readonly number[]): void {
    const choices = steps.map((step) => ({ id: String(step), label: step === 0 ? 'before training' : `step ${step}` }));
    const choose = (id: string): void => this.change({ step: Number(id), brush: null }, steps);
    replace(
      this.summary,
      h('span', {}, `${counted(total)} pairs`),
      h('span', { class: negative > 0 ? 'bad' : 'muted' }, `${counted(negative)} below 0`),
      this.query.brush ? h('button', { class: 'link', on: { click: () => this.change({ brush: null }, steps) } }, `${counted(shown)} shown · show all`) : null,
      h('span', { class: 'grow' }),
      h('span', { class: 'muted' }, 'scored at'),
      dropdown('Scored at', choices, String(this.query.step), choose),
    );
  }

  private drawHistogram({ histogram, negative, total }: PairsPage, steps: readonly number[]): void {
    const highest = Math.max(1, ...histogram.counts);
    this.bars.setAttribute('aria-label', `Margins: ${negative} of ${total} pairs are below 0`);
    const bars = histogram.counts.map((count, i) => {
      const [low = 0, high = 0] = histogram.edges.slice(i, i + 2);
      const bar = h('button', {
        class: high <= 1e-12 ? 'bin below' : 'bin',
        title: `${signed(low)} to ${signed(high)}: ${count} pairs`,
        tabIndex: -1,
        on: { click: () => this.change({ brush: [low, high] }, steps) },
      });
      const fill = h('i');
      fill.style.height = `${count === 0 ? 0 : Math.max(3, (100 * count) / highest)}%`;
      bar.append(fill);
      return bar;
    });
    replace(this.bars, ...bars);
  }

  private drawHead(steps: readonly number[]): void {
    const cells = columns.map(({ sort, label, class: name }) => {
      if (sort === null) return h('span', { class: name }, label);
      const arrow = this.query.sort !== sort ? '' : this.query.descending ? ' ▼' : ' ▲';
      const flip = (): void => this.change({ sort, descending: this.query.sort === sort && !this.query.descending }, steps);
      return h('button', { class: `link ${name}`, on: { click: flip }, aria: { label: `Sort by ${label}` } }, label + arrow);
    });
    replace(this.head, ...cells);
  }

  private change(part: Partial<PairsQuery>, steps: readonly number[]): void {
    this.query = { ...this.query, ...part };
    void this.reload(steps);
  }

  private need(from: number, count: number): void {
    for (let page = Math.floor(from / pageSize); page * pageSize < from + count; page++) {
      if (this.asked.has(page)) continue;
      this.asked.add(page);
      const { query } = this;
      void this.source.pairs({ ...query, from: page * pageSize }).then(({ rows }) => {
        if (query !== this.query) return;
        this.pages.set(page, rows);
        this.list.refresh();
      });
    }
  }

  private row(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  private open(index: number): void {
    const row = this.row(index);
    if (row) this.source.open(row);
  }

  private drawRow(element: HTMLElement, index: number): void {
    const row = this.row(index);
    element.classList.add('pairs-row');
    if (!row) return;
    const bar = h('span', { class: 'mini wide' });
    bar.append(marginBar(row.margin, this.widest));
    element.append(
      h('span', { class: 'num muted' }, String(row.line)),
      h('span', { class: 'clip', title: row.prompt }, row.prompt),
      h('span', { class: 'num wide' }, signed(row.chosen.reward)),
      h('span', { class: 'num wide' }, signed(row.rejected.reward)),
      bar,
      h('span', { class: row.margin < 0 ? 'num bad' : 'num' }, signed(row.margin)),
      h('span', { class: 'num wide muted' }, row.before === null ? '' : signed(row.before)),
    );
  }
}

/** A bar from the middle: left and red below zero, right and green above. */
export function marginBar(margin: number, widest: number): HTMLElement {
  const fill = h('i');
  const share = Math.min(50, (50 * Math.abs(margin)) / widest);
  fill.style.width = `${share}%`;
  fill.style.left = margin < 0 ? `${50 - share}%` : '50%';
  fill.style.background = `var(${margin < 0 ? '--vscode-charts-red' : '--vscode-charts-green'})`;
  return fill;
}
