import uPlot from 'uplot';
import type { Curves } from '../../src/protocol/runPanel';
import { h } from '../shared/dom';
import { compact } from '../shared/format';

export interface Line {
  readonly label: string;
  readonly metric: string;
  /** A theme colour, and a dash, so that colour is never alone. */
  readonly colour: string;
  readonly dash?: readonly number[];
}

export interface ChartSpec {
  readonly title: string;
  readonly lines: readonly Line[];
}

const blue = '--vscode-charts-blue';
const green = '--vscode-charts-green';
const red = '--vscode-charts-red';

export const chartSpecs: readonly ChartSpec[] = [
  { title: 'loss', lines: [{ label: 'train', metric: 'loss', colour: blue }, { label: 'eval', metric: 'eval_loss', colour: '--vscode-charts-orange', dash: [6, 3] }] },
  { title: 'rewards', lines: [{ label: 'chosen', metric: 'rewards/chosen', colour: green }, { label: 'rejected', metric: 'rewards/rejected', colour: red, dash: [6, 3] }] },
  { title: 'margin', lines: [{ label: 'train', metric: 'rewards/margins', colour: '--vscode-charts-purple' }, { label: 'eval', metric: 'eval_rewards/margins', colour: '--vscode-charts-orange', dash: [6, 3] }] },
  { title: 'accuracy', lines: [{ label: 'train', metric: 'rewards/accuracies', colour: blue }, { label: 'eval', metric: 'eval_rewards/accuracies', colour: '--vscode-charts-orange', dash: [6, 3] }] },
  { title: 'log-probs', lines: [{ label: 'chosen', metric: 'logps/chosen', colour: green }, { label: 'rejected', metric: 'logps/rejected', colour: red, dash: [6, 3] }] },
  { title: 'gradient norm', lines: [{ label: '', metric: 'grad_norm', colour: '--vscode-charts-yellow' }] },
  { title: 'learning rate', lines: [{ label: '', metric: 'learning_rate', colour: blue }] },
  { title: 'entropy', lines: [{ label: '', metric: 'entropy', colour: '--vscode-charts-orange' }] },
];

const height = 88;

/** One small chart: title and last values above, range inside the plot. */
export class Chart {
  readonly element: HTMLElement;
  private readonly values: HTMLElement;
  private readonly plot: HTMLElement;
  private readonly low: HTMLElement;
  private readonly high: HTMLElement;
  private chart: uPlot | null = null;
  private drawn: readonly Line[] = [];

  constructor(private readonly spec: ChartSpec) {
    this.values = h('span', { class: 'values' });
    this.low = h('span', { class: 'range low muted num' });
    this.high = h('span', { class: 'range high muted num' });
    this.plot = h('div', { class: 'plot', role: 'img' }, this.high, this.low);
    this.element = h('section', { class: 'chart' }, h('header', {}, h('span', { class: 'muted' }, spec.title), h('span', { class: 'grow' }), this.values), this.plot);
  }

  /** Canvases know no variables: after a change of theme the chart is made anew. */
  forget(): void {
    this.chart?.destroy();
    this.chart = null;
  }

  draw(curves: Curves, width: number): void {
    const lines = this.spec.lines.filter(({ metric }) => curves.series[metric]?.some((value) => !Number.isNaN(value)) === true);
    this.element.hidden = lines.length === 0;
    if (lines.length === 0) return;
    const columns = lines.map(({ metric }) => Array.from(curves.series[metric] ?? [], (value) => (Number.isNaN(value) ? null : value)));
    const numbers = columns.flat().filter((value) => value !== null);
    this.low.textContent = compact(Math.min(...numbers));
    this.high.textContent = compact(Math.max(...numbers));
    this.showValues(lines, columns);
    if (this.chart && lines.length !== this.drawn.length) this.forget();
    this.drawn = lines;
    const data = [Array.from(curves.steps), ...columns] as uPlot.AlignedData;
    if (this.chart) {
      this.chart.setSize({ width, height });
      this.chart.setData(data);
    } else this.chart = new uPlot(this.options(lines, width), data, this.plot);
  }

  private showValues(lines: readonly Line[], columns: readonly (number | null)[][]): void {
    const texts = lines.map(({ label }, i) => ({ label, value: compact(columns[i]?.findLast((value) => value !== null) ?? Number.NaN) }));
    this.values.replaceChildren(...lines.map((line, i) => legend(line, texts[i]?.value ?? '')));
    this.plot.setAttribute('aria-label', `${this.spec.title}: ${texts.map(({ label, value }) => `${label} ${value}`.trim()).join(', ')}`);
  }

  private options(lines: readonly Line[], width: number): uPlot.Options {
    const style = getComputedStyle(document.body);
    const grid = { stroke: style.getPropertyValue('--vscode-panel-border') || style.color, width: 1 };
    return {
      width,
      height,
      legend: { show: false },
      cursor: { y: false, points: { size: 5 } },
      scales: { x: { time: false } },
      axes: [{ show: false }, { size: 0, grid, ticks: { show: false }, values: () => [] }],
      series: [
        {},
        ...lines.map(({ colour, dash }) => ({ stroke: style.getPropertyValue(colour), width: 1.5, spanGaps: true, points: { show: false }, ...(dash ? { dash: [...dash] } : {}) })),
      ],
    };
  }
}

function legend({ label, colour, dash }: Line, value: string): HTMLElement {
  const dot = h('i', { class: dash ? 'key dashed' : 'key' });
  dot.style.color = `var(${colour})`;
  return h('span', { class: 'legend' }, dot, label === '' ? null : h('span', { class: 'muted' }, label), h('b', { class: 'num' }, value));
}
