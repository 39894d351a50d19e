import uPlot from 'uplot';
import { at } from '../../src/base/pure/must';
import type { Curves } from '../../src/protocol/runPanel';
import { h } from '../shared/dom';
import { compact, signed } from '../shared/format';
import { type ChartSpec, type Line, linesWithPoints } from './chartSpecs';
import { axisRange, type Column, columnOf, smallestTick, valueAt } from './columns';
import { smooth } from './smooth';
import { strings } from './strings';
import { stepIncrements, stepTicks, timeIncrements, timeTicks, valueTicks } from '../shared/ticks';

export interface ChartOptions {
  readonly x: 'step' | 'time';
  readonly smoothing: number;
  readonly logY: boolean;
}

/** Font size of labels in pixels, as elsewhere in the view. */
const labelSize = 11;
/** Pixels along the axis that each label needs. */
const labelSpace = { x: 56, y: 20 };
const bottom = 18;
/** A line with at most this many points shows them as dots, because a single point has no line. */
const fewPoints = 3;

/**
 * A small chart: title and values above, ticks at the left and below. Values follow the cursor, which all charts share.
 */
export class Chart {
  readonly element: HTMLElement;
  private readonly values = h('span', { class: 'values' });
  private readonly header: HTMLElement;
  /** Unit of the horizontal axis, in the corner. Labels of times have their own units. */
  private readonly unit = h('span', { class: 'unit muted', aria: { hidden: 'true' } });
  private readonly plot = h('div', { class: 'plot', role: 'img' }, this.unit);
  private plotted: uPlot | null = null;
  private shape = '';
  private lines: readonly Line[] = [];
  private columns: readonly Column[] = [];
  private prepared: { readonly data: uPlot.AlignedData; readonly look: Look } | null = null;

  /** @param pointed called with the index of the point under the cursor, or null when the cursor leaves */
  constructor(
    private readonly spec: ChartSpec,
    private readonly pointed: (index: number | null) => void,
  ) {
    const text = spec.unit === undefined ? spec.title : `${spec.title}, ${spec.unit}`;
    const title = h('span', { class: 'muted clip' }, text);
    const { about } = spec;
    const line = about === undefined ? null : h('span', { class: 'about muted' }, about);
    this.header = h('header', {}, title, h('span', { class: 'grow' }), this.values, line);
    this.element = h('section', { class: 'chart' }, this.header, this.plot);
    this.unit.textContent = spec.across ?? strings.step;
  }

  /** Makes the next draw read the theme's colours again. */
  forget(): void {
    this.plotted?.destroy();
    this.plotted = null;
  }

  /** Pixels above the plot; depends on how the values wrap. */
  get headerHeight(): number {
    return this.header.offsetHeight;
  }

  /** Writes the values and prepares the columns. @returns whether there is anything to draw */
  prepare(curves: Curves, options: ChartOptions): boolean {
    const lines = linesWithPoints(this.spec, curves);
    this.element.hidden = lines.length === 0;
    if (lines.length === 0) return false;
    const raw = lines.map(({ metric }) => columnOf(curves.series[metric]));
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

  /** Draws the prepared columns. */
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

  /** Puts the cursor on a point, as if the person pointed at it; null takes it away. */
  showPoint(index: number | null): void {
    const { plotted } = this;
    if (!plotted) return;
    const left = index === null ? -10 : plotted.valToPos(Number(plotted.data[0][index]), 'x');
    plotted.setCursor({ left, top: index === null ? -10 : 0 }, false);
    this.showValues(index);
  }

  private text(value: number): string {
    return this.spec.signed === undefined || Number.isNaN(value) ? compact(value) : signed(value, this.spec.signed);
  }

  /** Writes the values at a point; null: the last values. */
  private showValues(index: number | null): void {
    const shown = this.lines.map((line, i) => ({
      line,
      text: this.text(valueAt(at(this.columns, i), index) ?? Number.NaN),
    }));
    const legends = shown.map(({ line, text }) => legend(line, text, shown.length > 1));
    // Pairs of legends stay together when a narrow chart wraps them.
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

  private drawMark(plot: uPlot, { color }: CSSStyleDeclaration): void {
    if (this.spec.mark !== undefined) drawLine(plot, plot.valToPos(this.spec.mark, 'x', true), color);
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
      // Room for marks and labels at both ends.
      padding: [8, 12, 0, 0],
      cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false }, sync: { key: 'run' } },
      scales: { x: { time: false }, y: logY ? { distr: 3 } : { range: (_plot, low, high) => axisRange(low, high) } },
      axes: axesOf(look, style),
      series: [
        {},
        ...this.lines
          .filter((_, i) => faint[i])
          .map((line) => ({ ...series(line), alpha: 0.3, width: 1, points: { show: false } })),
        ...this.lines.map((line, i) => ({ ...series(line), points: { show: marked[i] === true, size: 5 } })),
      ],
      hooks: {
        setCursor: [({ cursor }) => this.point(cursor.idx ?? null)],
        draw: [(plot) => this.drawMark(plot, style)],
      },
    };
  }
}

/** A dotted line from top to bottom. */
function drawLine({ ctx, bbox }: uPlot, x: number, colour: string): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
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
  // Not the colour of borders, which high contrast makes as strong as the lines.
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
      values: (_plot, ticks, _axis, _space, increment) => valueTicks(ticks, logY ? smallestTick(ticks) : increment),
    },
  ];
}

/** Width of the longest label in pixels, with a gap. */
function widthOf({ ctx }: uPlot, labels: readonly string[] | null, family: string): number {
  // uPlot asks once before there are labels.
  const longest = labels === null ? '' : labels.reduce((a, b) => (b.length > a.length ? b : a), '');
  // The canvas counts device pixels, and its font is that of the last drawing.
  ctx.font = `${labelSize * devicePixelRatio}px ${family}`;
  return Math.ceil(ctx.measureText(longest).width / devicePixelRatio) + 8;
}

/** @param named whether to write the line's label; the only line of a chart is named by the title */
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
