import uPlot from 'uplot';
import type { Curves } from '../../src/protocol/runPanel';
import { h } from '../shared/dom';
import { compact, signed } from '../shared/format';
import { type ChartSpec, type Line, linesWithPoints } from './chartSpecs';
import { smooth } from './smooth';
import { strings } from './strings';
import { stepIncrements, stepTicks, timeIncrements, timeTicks, valueTicks } from './ticks';

export interface ChartOptions {
  readonly x: 'step' | 'time';
  readonly smoothing: number;
  readonly logY: boolean;
}

/** Pixels of a label's letters, as elsewhere in the view. */
const labelSize = 11;
/** Pixels that a label needs along its axis. */
const labelSpace = { x: 56, y: 20 };
const bottom = 18;
/** Lines of so few points show them: a single evaluation has no line. */
const fewPoints = 3;
const room = 0.06;

type Column = (number | null)[];

/** A small chart: title and values above, ticks beside and below. Values follow the cursor, which all charts share. */
export class Chart {
  readonly element: HTMLElement;
  private readonly values = h('span', { class: 'values' });
  private readonly header: HTMLElement;
  /** Stands where the axes meet; seconds and minutes say themselves what they are. */
  private readonly unit = h('span', { class: 'unit muted', aria: { hidden: 'true' } }, strings.step);
  private readonly plot = h('div', { class: 'plot', role: 'img' }, this.unit);
  private plotted: uPlot | null = null;
  private shape = '';
  private lines: readonly Line[] = [];
  private columns: readonly Column[] = [];
  private prepared: { readonly data: uPlot.AlignedData; readonly look: Look } | null = null;

  /** @param pointed told the point under the cursor, or null when it leaves */
  constructor(
    private readonly spec: ChartSpec,
    private readonly pointed: (index: number | null) => void,
  ) {
    const text = spec.unit === undefined ? spec.title : `${spec.title}, ${spec.unit}`;
    const title = h('span', { class: 'muted clip' }, text);
    this.header = h('header', {}, title, h('span', { class: 'grow' }), this.values);
    this.element = h('section', { class: 'chart' }, this.header, this.plot);
  }

  /** For a change of theme: the next draw reads the colours anew. */
  forget(): void {
    this.plotted?.destroy();
    this.plotted = null;
  }

  /** Pixels above the plot; it depends on how the values wrap. */
  get headerHeight(): number {
    return this.header.offsetHeight;
  }

  /** Writes the values and makes the columns ready. Whether there is anything to draw. */
  prepare(curves: Curves, options: ChartOptions): boolean {
    const lines = linesWithPoints(this.spec, curves);
    this.element.hidden = lines.length === 0;
    if (lines.length === 0) return false;
    const raw = lines.map(({ metric }) =>
      Array.from(curves.series[metric] ?? [], (value) => (Number.isFinite(value) ? value : null)),
    );
    const bold = raw.map((column, i) =>
      options.smoothing > 0 && !this.spec.exact && lines[i]?.marked !== true
        ? smooth(column, options.smoothing)
        : column,
    );
    const numbers = raw.flat().filter((value) => value !== null);
    const logY = options.logY && numbers.every((value) => value > 0);
    this.lines = lines;
    this.columns = bold;
    this.showValues(null);
    const faint = raw.map((column, i) => (bold[i] === column ? [] : column));
    const data = [
      Array.from(options.x === 'step' ? curves.steps : curves.times),
      ...faint.filter((column) => column.length > 0),
      ...bold,
    ] as uPlot.AlignedData;
    const hasFew = (column: Column): boolean => column.filter((value) => value !== null).length <= fewPoints;
    const marked = raw.map((column, i) => lines[i]?.marked === true || hasFew(column));
    this.prepared = { data, look: { x: options.x, logY, faint: faint.map((column) => column.length > 0), marked } };
    return true;
  }

  /** Draws what was prepared. */
  draw(size: ChartSize): void {
    if (!this.prepared) return;
    const { data, look } = this.prepared;
    this.plot.style.height = `${size.height}px`;
    this.unit.hidden = look.x !== 'step';
    const shape = JSON.stringify([this.lines.map(({ metric }) => metric), look]);
    if (shape !== this.shape) this.forget();
    this.shape = shape;
    if (!this.plotted) {
      this.plotted = new uPlot(this.uPlotOptions(size, look), data, this.plot);
      return;
    }
    if (this.plotted.width !== size.width || this.plotted.height !== size.height) this.plotted.setSize(size);
    this.plotted.setData(data);
  }

  private text(value: number): string {
    return this.spec.signed === undefined || Number.isNaN(value) ? compact(value) : signed(value, this.spec.signed);
  }

  /** Values at a point, or the last ones. */
  private showValues(index: number | null): void {
    const shown = this.lines.map((line, i) => ({
      line,
      text: this.text(valueAt(this.columns[i] ?? [], index) ?? Number.NaN),
    }));
    const legends = shown.map(({ line, text }) => legend(line, text, shown.length > 1));
    // Two and two, which stay together where a chart is narrow.
    this.values.replaceChildren(
      ...[legends.slice(0, 2), legends.slice(2)]
        .filter((group) => group.length > 0)
        .map((group) => h('span', { class: 'legends' }, ...group)),
    );
    if (index === null)
      this.plot.setAttribute(
        'aria-label',
        `${this.spec.title}: ${shown.map(({ line, text }) => `${line.label} ${text}`.trim()).join(', ')}`,
      );
  }

  private point(index: number | null): void {
    this.showValues(index);
    this.pointed(index);
  }

  private uPlotOptions(size: ChartSize, look: Look): uPlot.Options {
    const { logY, faint, marked } = look;
    const style = getComputedStyle(document.body);
    const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
    const series = ({ colour: name, dash }: Line): uPlot.Series => ({
      stroke: colour(name),
      width: 1.5,
      spanGaps: true,
      ...(dash ? { dash: [...dash] } : {}),
    });
    return {
      ...size,
      legend: { show: false },
      // Marks and labels at the ends are wider than their place.
      padding: [8, 12, 0, 0],
      cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false }, sync: { key: 'run' } },
      scales: { x: { time: false }, y: logY ? { distr: 3 } : { range: (_plot, low, high) => padded(low, high) } },
      axes: axesOf(look, style),
      series: [
        {},
        ...this.lines
          .filter((_, i) => faint[i])
          .map((line) => ({ ...series(line), alpha: 0.3, width: 1, points: { show: false } })),
        ...this.lines.map((line, i) => ({ ...series(line), points: { show: marked[i] === true, size: 5 } })),
      ],
      hooks: { setCursor: [({ cursor }) => this.point(cursor.idx ?? null)] },
    };
  }
}

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

interface Look {
  readonly x: ChartOptions['x'];
  readonly logY: boolean;
  readonly faint: readonly boolean[];
  readonly marked: readonly boolean[];
}

function axesOf({ x, logY }: Look, style: CSSStyleDeclaration): uPlot.Axis[] {
  const stroke = style.getPropertyValue('--vscode-descriptionForeground').trim() || style.color;
  // Fainter than borders, which high contrast makes as strong as the lines.
  const grid = { stroke: `color-mix(in srgb, ${style.color} 15%, transparent)`, width: 1 };
  const common = { stroke, grid, ticks: { show: false }, font: `${labelSize}px ${style.fontFamily}`, gap: 4 };
  const across = x === 'step' ? { incrs: stepIncrements } : { incrs: timeIncrements };
  return [
    {
      ...common,
      ...across,
      grid: { show: false },
      size: bottom,
      space: labelSpace.x,
      values: (_plot, ticks, _axis, _space, increment) =>
        x === 'step' ? stepTicks(ticks) : timeTicks(ticks, increment),
    },
    {
      ...common,
      space: labelSpace.y,
      size: (plot, labels) => widthOf(plot, labels, style.fontFamily),
      values: (_plot, ticks, _axis, _space, increment) => valueTicks(ticks, logY ? leastOf(ticks) : increment),
    },
  ];
}

/** Pixels that the longest label takes, and the gap beside it. */
function widthOf({ ctx }: uPlot, labels: readonly string[] | null, family: string): number {
  const longest = (labels ?? []).reduce((a, b) => (b.length > a.length ? b : a), '');
  // The canvas has pixels of the device, and its font is whatever was drawn last.
  ctx.font = `${labelSize * devicePixelRatio}px ${family}`;
  return Math.ceil(ctx.measureText(longest).width / devicePixelRatio) + 8;
}

/** Of a logarithmic axis the smallest label asks for the most decimals. */
function leastOf(ticks: readonly (number | null)[]): number {
  return ticks.reduce<number>((least, tick) => (tick === null || tick <= 0 ? least : Math.min(least, tick)), 1);
}

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
  return h(
    'span',
    { class: 'legend' },
    key,
    named && label !== '' ? h('span', { class: 'muted' }, label) : null,
    h('b', { class: 'num' }, value),
  );
}
