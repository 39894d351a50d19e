import { chartsAsCsv } from '../../src/pairs/statistics/csv';
import { summarySentences } from '../../src/pairs/statistics/sentences';
import type { Statistics } from '../../src/pairs/statistics/statistics';
import { Channel } from '../../src/protocol/channel';
import type { Exported, StatisticsHost, StatisticsState, StatisticsView as Own } from '../../src/protocol/statistics';
import { channelPort, type ViewApi } from '../shared/channelPort';
import { h, perFrame, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { biasPanel } from './biasPanel';
import { ChartCard } from './chartCard';
import { StatisticsHeader } from './header';
import { strings } from './strings';

/** Least width of a card, and what its border and padding take. */
const narrowest = 340;
const around = 26;
const gap = 12;

/** The statistics of a file: sentences, charts and the bias of the labels. Each bar leads to its rows. */
export class StatisticsView {
  private readonly channel: Channel<Own, StatisticsHost>;
  private readonly header: StatisticsHeader;
  private readonly summary = h('div', { class: 'summary' });
  private readonly cards = h('div', { class: 'cards' });
  private readonly missing = h('div', { class: 'missing muted' });
  private readonly live = h('div', { class: 'sr-only', role: 'status', aria: { live: 'polite' } });
  private readonly content = h('main', { class: 'content' }, this.summary, this.cards, this.missing);
  private shown: Statistics | null = null;
  private drawn: readonly ChartCard[] = [];
  private areTables = false;

  constructor(api: ViewApi<unknown>) {
    this.channel = new Channel(channelPort(api), {});
    this.header = new StatisticsHeader({
      count: (scope) => this.run(this.channel.request('count', { scope })),
      cancel: () => this.run(this.channel.request('cancel', null)),
      countTokens: () => this.run(this.channel.request('countTokens', null)),
      tables: () => this.toggleTables(),
      save: () => this.saveAll(),
    });
    replace(document.body, ...this.header.elements, this.content, this.live);
    this.channel.on('changed', (state) => this.take(state));
    const hello = (): void => this.run(this.channel.request('hello', null).then((state) => this.take(state)));
    document.addEventListener('visibilitychange', () => document.hidden || hello());
    const resized = perFrame(() => this.resize());
    new ResizeObserver(resized).observe(this.content);
    hello();
  }

  private take(state: StatisticsState): void {
    this.header.draw(state);
    const { statistics } = state;
    // A view that is hidden and shown again gets equal statistics as another object.
    if (statistics === null || JSON.stringify(statistics) === JSON.stringify(this.shown)) return;
    this.shown = statistics;
    this.draw(statistics);
    this.live.textContent = strings.counted(counted(statistics.rows));
  }

  private draw(statistics: Statistics): void {
    const { charts, missing, bias } = statistics;
    const open = (query: string, text: string): void => {
      this.live.textContent = text;
      this.run(this.channel.request('open', { query }));
    };
    const save = (exported: Exported): void => this.run(this.channel.request('save', exported));
    const width = this.cardWidth();
    this.drawn = charts.map((chart) => new ChartCard(chart, width, { open, save }));
    for (const card of this.drawn) card.showTable(this.areTables);
    replace(this.summary, ...summarySentences(statistics).map((sentence) => h('p', {}, sentence)));
    const reveal = (row: number): void => this.run(this.channel.request('reveal', { row }));
    replace(
      this.cards,
      ...(bias ? [biasPanel(bias, { open, reveal })] : []),
      ...this.drawn.map(({ element }) => element),
    );
    replace(
      this.missing,
      ...(missing.length === 0 ? [] : [h('h2', {}, strings.notThere)]),
      ...missing.map(({ title, reason }) => h('p', {}, h('b', {}, title), ` ${reason}`)),
    );
  }

  private toggleTables(): void {
    this.areTables = !this.areTables;
    for (const card of this.drawn) card.showTable(this.areTables);
    this.header.setTables(this.areTables);
  }

  private saveAll(): void {
    if (!this.shown) return;
    const content = chartsAsCsv(this.shown.charts);
    this.run(this.channel.request('save', { name: 'statistics.csv', kind: 'csv', content }));
  }

  private resize(): void {
    const width = this.cardWidth();
    for (const card of this.drawn) card.resize(width);
  }

  /** Pixels for the chart of a card. Cards fill the view in equal columns. */
  private cardWidth(): number {
    const style = getComputedStyle(this.cards);
    const space = this.cards.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const columns = Math.max(1, Math.floor((space + gap) / (narrowest + gap)));
    return Math.max(200, Math.floor((space - (columns - 1) * gap) / columns) - around);
  }

  private run(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => this.header.complain(error instanceof Error ? error.message : String(error)));
  }
}
