import type { Measured, RoundPoint } from '../../src/protocol/round';
import { Chart } from '../shared/chart/chart';
import { ChartGroup } from '../shared/chart/group';
import { plainOptions } from '../shared/chart/series';
import { h, replace } from '../shared/dom';
import { seriesOf } from './lineSeries';
import { strings } from './strings';

/** Pixels of the plot. */
const height = 130;

/** The rounds as a line: what each has brought, as a chart and as a table of the same numbers. */
export class RoundLine {
  readonly element: HTMLElement;
  private readonly chart = new Chart({ title: strings.byRound, unit: '%' }, new ChartGroup());
  private readonly table = h('div', { class: 'round-table' });
  private isShown = false;
  private drawn = '';

  constructor() {
    this.chart.element.hidden = true;
    this.element = h('div', { class: 'round-line' }, this.chart.element, this.table);
    new ResizeObserver(() => this.drawChart()).observe(this.element);
    const recolour = new MutationObserver(() => {
      this.chart.forget();
      this.drawChart();
    });
    recolour.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    recolour.observe(document.body, { attributeFilter: ['class'] });
  }

  draw(line: readonly RoundPoint[]): void {
    const wanted = JSON.stringify(line);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const isMeasured = line.some(({ heldOut, winRate, guard }) => heldOut ?? winRate ?? guard);
    replace(this.table, isMeasured ? roundTable(line) : h('p', { class: 'muted' }, strings.notMeasured));
    // One round is no line.
    const series = line.length < 2 ? [] : seriesOf(line);
    this.isShown = this.chart.show(series, plainOptions);
    this.drawChart();
  }

  private drawChart(): void {
    const width = this.element.clientWidth;
    if (this.isShown && width > 0) this.chart.draw({ width, height });
  }
}

function roundTable(line: readonly RoundPoint[]): HTMLElement {
  const head = h('tr', {}, ...strings.columns.map(({ name, about }) => h('th', { class: 'num', title: about }, name)));
  return h('table', {}, h('thead', {}, head), h('tbody', {}, ...line.map(row)));
}

function row({ round, pairs, heldOut, winRate, guard }: RoundPoint): HTMLElement {
  const cell = (text: string, title = ''): HTMLElement => h('td', { class: 'num', title }, text);
  const title = pairs === null ? '' : strings.trainedOn(pairs);
  const name = h('th', { class: 'num', title }, round === 0 ? strings.base : String(round));
  return h(
    'tr',
    {},
    name,
    share(heldOut, heldOut ? strings.heldOutTitle(heldOut.pairs) : ''),
    share(winRate, winRate ? strings.winTitle(winRate.judge, winRate.games) : ''),
    guard ? cell(strings.share(guard.kept), strings.guardTitle(guard.loss)) : cell('–'),
  );
}

function share(measured: Measured | null, title: string): HTMLElement {
  if (!measured) return h('td', { class: 'num' }, '–');
  const { low, high } = measured;
  const interval = h('span', { class: 'muted' }, ` ${strings.interval(low, high)}`);
  return h('td', { class: 'num', title }, strings.share(measured.share), interval);
}
