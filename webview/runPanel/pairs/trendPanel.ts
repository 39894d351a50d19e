import type { RewardRow } from '../../../src/protocol/runPanel';
import { h } from '../../shared/dom';
import { pairStrings } from './pairStrings';
import { TrendChart } from './trendChart';
import { trendLines, type TrendLines } from './trendShape';

/** The rewards of the selected pair over the scored steps of the run. */
export class TrendPanel {
  readonly element: HTMLElement;
  private readonly title = h('span', { class: 'muted clip' }, pairStrings.trend);
  private readonly chart = new TrendChart(trendLines);
  private readonly note = h('div', { class: 'trend-note muted' }, pairStrings.trendNone);
  private readonly keys: HTMLElement;
  private readonly visitKey = h('span', { class: 'trend-key visits' }, pairStrings.trendKeys.visits);
  private shown: { readonly trend: TrendLines; readonly step: number } | null = null;

  constructor() {
    const lines = trendLines.map((line) => h('span', { class: `trend-key ${line}` }, pairStrings.trendKeys[line]));
    this.keys = h('span', { class: 'keys' }, ...lines, this.visitKey);
    this.element = h(
      'section',
      { class: 'trend-panel' },
      h('div', { class: 'plot-head' }, this.title, h('span', { class: 'grow' }), this.keys),
      this.chart.element,
      this.note,
    );
    this.show(null);
    new ResizeObserver(() => this.draw()).observe(this.chart.element);
  }

  /** @param step the step that the view shows */
  show(shown: { readonly row: RewardRow; readonly trend: TrendLines; readonly step: number } | null): void {
    this.shown = shown;
    this.title.textContent = shown ? pairStrings.trendOf(String(shown.row.line)) : pairStrings.trend;
    this.note.hidden = shown !== null;
    this.chart.element.hidden = shown === null;
    this.keys.hidden = shown === null;
    this.visitKey.hidden = shown === null || shown.trend.visits.length === 0;
    this.draw();
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.chart.element;
    if (this.shown && width > 0 && height > 0) this.chart.show(this.shown.trend, { width, height }, this.shown.step);
  }
}
