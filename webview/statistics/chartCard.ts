import type { Chart } from '../../src/pairs/statistics/chart';
import { chartsAsCsv } from '../../src/pairs/statistics/csv';
import type { Exported } from '../../src/protocol/statistics';
import { h, icon, replace } from '../shared/dom';
import { BarChart, drawingOf } from './barChart';
import { chartTable } from './chartTable';
import type { Drawing } from './drawing';
import { pngBase64 } from './paintPng';
import { strings } from './strings';
import { svgText } from './svgText';
import { themeColours, themeFont } from './themeColours';

export interface CardOptions {
  readonly open: (query: string, text: string) => void;
  readonly save: (exported: Exported) => void;
}

/** A chart with its table, its sentences, and buttons to save it. */
export class ChartCard {
  readonly element: HTMLElement;
  private readonly body = h('div', { class: 'body' });
  private readonly toggle: HTMLElement;
  private drawing: Drawing;
  private isTable = false;

  constructor(
    private readonly chart: Chart,
    private width: number,
    private readonly options: CardOptions,
  ) {
    const { title, about, facts, series } = chart;
    this.drawing = drawingOf(chart, width);
    this.toggle = iconButton('table', strings.table(title), () => this.showTable(!this.isTable));
    const buttons = (['CSV', 'SVG', 'PNG'] as const).map((kind) =>
      h(
        'button',
        {
          class: 'save',
          title: strings.saveChart(title, kind),
          aria: { label: strings.saveChart(title, kind) },
          on: { click: () => this.save(kind) },
        },
        kind,
      ),
    );
    const legend =
      series.length < 2
        ? []
        : series.map((name, i) =>
            h('span', { class: 'legend' }, h('i', { class: i === 0 ? 'key first' : 'key second' }), name),
          );
    this.element = h(
      'section',
      { class: 'card', aria: { label: title } },
      h(
        'header',
        {},
        h('h2', { class: 'clip', title }, title),
        ...legend,
        h('span', { class: 'grow' }),
        this.toggle,
        ...buttons,
      ),
      h('p', { class: 'muted' }, about),
      this.body,
      ...facts.map((fact) => h('p', { class: 'muted fact' }, fact)),
    );
    this.draw();
  }

  showTable(isTable: boolean): void {
    this.isTable = isTable;
    this.draw();
  }

  /** Draws the chart for another width. */
  resize(width: number): void {
    if (width === this.width) return;
    this.width = width;
    this.drawing = drawingOf(this.chart, width);
    if (!this.isTable) this.draw();
  }

  private draw(): void {
    const { chart, drawing, options, isTable } = this;
    this.toggle.setAttribute('aria-pressed', String(isTable));
    replace(this.body, isTable ? chartTable(chart, options.open) : new BarChart(chart, drawing, options.open).element);
  }

  private save(kind: 'CSV' | 'SVG' | 'PNG'): void {
    const { chart, drawing, options } = this;
    const name = chart.id.replaceAll(/[^\p{L}\p{N}]+/gu, '-');
    const colours = themeColours();
    switch (kind) {
      case 'CSV':
        return options.save({ name: `${name}.csv`, kind: 'csv', content: chartsAsCsv([chart]) });
      case 'SVG':
        return options.save({
          name: `${name}.svg`,
          kind: 'svg',
          content: svgText(drawing, chart.title, colours, themeFont()),
        });
      case 'PNG':
        return options.save({
          name: `${name}.png`,
          kind: 'png',
          content: pngBase64(drawing, chart.title, colours, themeFont()),
        });
    }
  }
}

function iconButton(name: string, title: string, onClick: () => void): HTMLElement {
  return h('button', { class: 'save', title, aria: { label: title }, on: { click: onClick } }, icon(name));
}
