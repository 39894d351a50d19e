import uPlot from 'uplot';
import type { Curves } from '../../src/protocol/runPanel';
import { h } from '../shared/dom';
import { compact, signed } from '../shared/format';
import { type ChartSpec, type Line, linesWithPoints } from './chartSpecs';
import { smooth } from './smooth';

export interface ChartOptions {
  readonly x: 'step' | 'time';
  readonly smoothing: number;
  readonly logY: boolean;
}

const height = 92;
/** Lines of so few points show them: a single evaluation has no line. */
const fewPoints = 3;
const room = 0.06;

type Column = (number | null)[];

/** One small chart: title and values above, range inside the plot. The values follow the cursor, which all charts share. */
export class Chart {
  readonly element: HTMLElement;
  private readonly values = h('span', { class: 'values' });
  private readonly low = h('span', { class: 'range low muted num' });
  private readonly high = h('span', { class: 'range high muted num' });
  private readonly plot = h('div', { class: 'plot', role: 'img' }, this.high, this.low);
  private plotted: uPlot | null = null;
  private shape = '';
  private lines: readonly Line[] = [];
  private columns: readonly Column[] = [];

  /** @param pointed told the point under the cursor, or null when it leaves */
  constructor(
    private readonly spec: ChartSpec,
    private readonly pointed: (index: number | null) => void,
  ) {
    this.element = h('section', { class: 'chart' }, h('header', {}, h('span', { class: 'muted clip' }, spec.title), h('span', { class: 'grow' }), this.values), this.plot);
  }

  /** For a change of theme: the next draw reads the colours anew. */
  forget(): void {
    this.plotted?.destroy();
    this.plotted = null;
  }

  draw(curves: Curves, width: number, options: ChartOptions): void {
    const lines = linesWithPoints(this.spec, curves);
    this.element.hidden = lines.length === 0;
    if (lines.length === 0) return;
    const raw = lines.map(({ metric }) => Array.from(curves.series[metric] ?? [], (value) => (Number.isFinite(value) ? value : null)));
    const bold = raw.map((column, i) => (options.smoothing > 0 && !this.spec.exact && lines[i]?.marked !== true ? smooth(column, options.smoothing) : column));
    const numbers = raw.flat().filter((value) => value !== null);
    const logY = options.logY && numbers.every((value) => value > 0);
    this.lines = lines;
    this.columns = bold;
    this.low.textContent = this.text(least(numbers));
    this.high.textContent = this.text(greatest(numbers));
    this.showValues(null);
    const faint = raw.map((column, i) => (bold[i] === column ? [] : column));
    const data = [Array.from(options.x === 'step' ? curves.steps : curves.times), ...faint.filter((column) => column.length > 0), ...bold] as uPlot.AlignedData;
    this.plotData(data, width, { logY, faint: faint.map((column) => column.length > 0), marked: raw.map((column, i) => lines[i]?.marked === true || column.filter((value) => value !== null).length <= fewPoints) });
  }

  private plotData(data: uPlot.AlignedData, width: number, look: Look): void {
    const shape = JSON.stringify([this.lines.map(({ metric }) => metric), look]);
    if (shape !== this.shape) this.forget();
    this.shape = shape;
    if (!this.plotted) {
      this.plotted = new uPlot(this.uPlotOptions(width, look), data, this.plot);
      return;
    }
    if (this.plotted.width !== width) this.plotted.setSize({ width, height });
    this.plotted.setData(data);
  }

  private text(value: number): string {
    return this.spec.signed === undefined || Number.isNaN(value) ? compact(value) : signed(value, this.spec.signed);
  }

  /** Values at a point, or the last ones. */
  private showValues(index: number | null): void {
    const shown = this.lines.map((line, i) => ({ line, text: this.text(valueAt(this.columns[i] ?? [], index) ?? Number.NaN) }));
    const legends = shown.map(({ line, text }) => legend(line, text, shown.length > 1));
    // Two and two, which stay together where a chart is narrow.
    this.values.replaceChildren(...[legends.slice(0, 2), legends.slice(2)].filter((group) => group.length > 0).map((group) => h('span', { class: 'legends' }, ...group)));
    if (index === null) this.plot.setAttribute('aria-label', `${this.spec.title}: ${shown.map(({ line, text }) => `${line.label} ${text}`.trim()).join(', ')}`);
  }

  private point(index: number | null): void {
    this.showValues(index);
    this.pointed(index);
  }

  private uPlotOptions(width: number, { logY, faint, marked }: Look): uPlot.Options {
    const style = getComputedStyle(document.body);
    const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
    // Fainter than borders, which high contrast makes as strong as the lines.
    const grid = { stroke: `color-mix(in srgb, ${style.color} 15%, transparent)`, width: 1 };
    const series = ({ colour: name, dash }: Line): uPlot.Series => ({ stroke: colour(name), width: 1.5, spanGaps: true, ...(dash ? { dash: [...dash] } : {}) });
    return {
      width,
      height,
      legend: { show: false },
      // Marks at the ends are wider than their place.
      padding: [4, 4, 4, 4],
      cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false }, sync: { key: 'run' } },
      scales: { x: { time: false }, y: logY ? { distr: 3 } : { range: (_plot, low, high) => padded(low, high) } },
      axes: [{ show: false }, { size: 0, grid, ticks: { show: false }, values: () => [] }],
      series: [
        {},
        ...this.lines.filter((_, i) => faint[i]).map((line) => ({ ...series(line), alpha: 0.3, width: 1, points: { show: false } })),
        ...this.lines.map((line, i) => ({ ...series(line), points: { show: marked[i] === true, size: 5 } })),
      ],
      hooks: { setCursor: [({ cursor }) => this.point(cursor.idx ?? null)] },
    };
  }
}

interface Look {
  readonly logY: boolean;
  readonly faint: readonly boolean[];
  readonly marked: readonly boolean[];
}

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const greatest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), -Infinity);

/** The value of a column at a point, or the newest before it: not each line has a value at each point. */
function valueAt(column: Column, index: number | null): number | null {
  return column.slice(0, index === null ? column.length : index + 1).findLast((value) => value !== null) ?? null;
}

function padded(low: number, high: number): [number, number] {
  const space = (high - low || Math.abs(high) || 1) * room;
  return [low - space, high + space];
}

/** Where a chart has one line its title says all. */
function legend({ label, colour, dash, marked }: Line, value: string, named: boolean): HTMLElement {
  const key = h('i', { class: ['key', dash ? 'dashed' : '', marked ? 'marked' : ''].join(' ').trim() });
  key.style.color = `var(${colour})`;
  return h('span', { class: 'legend' }, key, named && label !== '' ? h('span', { class: 'muted' }, label) : null, h('b', { class: 'num' }, value));
}
