import uPlot from 'uplot';
import { h } from '../dom';
import { type AxisLook, axesOf } from './axes';
import { chartKey } from './chartKeys';
import { Crosshair } from './crosshair';
import type { ChartGroup, Member } from './group';
import { legends, valueText } from './legend';
import { opaque } from './lineColour';
import { LinePicture } from './linePicture';
import { extentOf, type Line, lineOf, nearestX, pointAt } from './lines';
import { Painter, type Scales } from './paint';
import type { Picture } from './picture';
import { pictureOf } from './pictureOf';
import { axisRange, canBeLog, logRange, valueRange } from './ranges';
import { type ChartOptions, type ChartSpec, plainOptions, type Range, type Series } from './series';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** The narrowest drag that zooms, in pixels: a shorter one is a click. */
const shortestDrag = 4;

/**
 * A small chart: title and values above, ticks at the left and below. Crosshair and zoom belong to the group. The lines
 * have all their points, whatever their number; a frame takes a few milliseconds, and the picture is soon complete.
 */
export class Chart implements Member {
  readonly element: HTMLElement;
  private readonly values = h('span', { class: 'values' });
  private readonly header: HTMLElement;
  /** What the horizontal axis shows, in the corner. Labels of times have their own units. */
  private readonly unit = h('span', { class: 'unit muted', aria: { hidden: 'true' } });
  private readonly plot = h('div', { class: 'plot', role: 'slider', tabIndex: 0 }, this.unit);
  private readonly crosshair = new Crosshair();
  private plotted: uPlot | null = null;
  private painter: Painter | null = null;
  private picturedLines: LinePicture | null = null;
  private look: AxisLook = { across: 'count', unit: '', logX: false, logY: false };
  private drawn = '';
  private options: ChartOptions = plainOptions;
  private shown: readonly Line[] = [];
  private reach: Range | null = null;
  private across: Range = [0, 1];
  private up: Range = [0, 1];

  constructor(
    private readonly spec: ChartSpec,
    private readonly group: ChartGroup,
  ) {
    const text = spec.unit === undefined ? spec.title : `${spec.title}, ${spec.unit}`;
    const title = h('span', { class: 'muted clip' }, text);
    const line = spec.about === undefined ? null : h('span', { class: 'about muted' }, spec.about);
    this.header = h('header', {}, title, h('span', { class: 'grow' }), this.values, line);
    this.element = h('section', { class: 'chart' }, this.header, this.plot);
    this.plot.setAttribute('aria-label', spec.title);
    this.plot.addEventListener('keydown', (event) => this.key(event));
    this.plot.addEventListener('blur', () => group.pointAt(null));
    group.add(this);
  }

  get lines(): readonly Line[] {
    return this.shown;
  }

  get extent(): Range | null {
    return this.reach;
  }

  /** Pixels above the plot; depends on how the values wrap. */
  get headerHeight(): number {
    return this.header.offsetHeight;
  }

  /** Makes the next draw read the theme's colours again. */
  forget(): void {
    this.plotted?.destroy();
    this.plotted = null;
    this.picturedLines?.forget();
  }

  /** Takes other series and writes their values. @returns whether there is anything to draw */
  show(series: readonly Series[], options: ChartOptions): boolean {
    const before = new Map(this.shown.map((line) => [line.series.label, line]));
    const lines = series.map((one) => lineOf(one, options.smoothing, before.get(one.label) ?? null));
    this.shown = lines.filter((line) => line !== null);
    this.options = options;
    this.reach = extentOf(this.shown, options.logX);
    this.element.hidden = this.shown.length === 0;
    const unit = options.across === 'time' ? '' : options.acrossLabel;
    this.look = { across: options.across, unit, logX: options.logX, logY: options.logY && canBeLog(this.shown) };
    this.unit.textContent = unit;
    this.unit.hidden = unit === '';
    this.showValues();
    return this.shown.length > 0;
  }

  draw(size: ChartSize): void {
    if (this.shown.length === 0) return;
    this.plot.style.height = `${size.height}px`;
    this.setRanges();
    const drawn = JSON.stringify(this.look);
    if (drawn !== this.drawn) this.forget();
    this.drawn = drawn;
    if (!this.plotted) this.plotted = new uPlot(this.uPlotOptions(size), this.ends(), this.plot);
    else {
      if (this.plotted.width !== size.width || this.plotted.height !== size.height) this.plotted.setSize(size);
      this.plotted.setData(this.ends());
    }
  }

  follow(change: 'range' | 'point'): void {
    if (this.shown.length === 0) return;
    if (change === 'point') {
      this.showValues();
      this.showCrosshair();
    } else if (this.plotted) {
      this.setRanges();
      this.plotted.setData(this.ends());
    }
  }

  private setRanges(): void {
    this.across = widened(this.group.range ?? [0, 1], this.look.logX);
    const [low, high] = valueRange(this.shown, this.across, this.options.clip) ?? [1, 1];
    this.up = this.look.logY ? logRange(low, high) : axisRange(low, high);
  }

  /** uPlot draws the axes; the lines are painted over them, because they have points of their own. */
  private ends(): uPlot.AlignedData {
    return [[...this.across], [null, null]];
  }

  /** Values at the crosshair, or the last ones. */
  private showValues(): void {
    const { point } = this.group;
    const texts = this.texts(point);
    this.values.replaceChildren(...legends(this.shown, texts));
    const said = this.shown.map(({ series }, i) => `${series.label} ${texts[i] ?? ''}`.trim()).join(', ');
    this.plot.setAttribute('aria-valuetext', point === null ? said : `${this.options.acrossLabel} ${point}: ${said}`);
    this.plot.setAttribute('aria-valuenow', decimal(point ?? this.reach?.[1] ?? 0));
    this.plot.setAttribute('aria-valuemin', decimal(this.reach?.[0] ?? 0));
    this.plot.setAttribute('aria-valuemax', decimal(this.reach?.[1] ?? 0));
  }

  /** The values of the lines at x; null: the last ones. */
  private texts(x: number | null): string[] {
    return this.shown.map((line) => valueText(valueOf(line, x), this.spec.signed));
  }

  private showCrosshair(): void {
    const { plotted, group } = this;
    if (plotted) this.crosshair.show(plotted, this.shown, group.point, this.across);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!chartKey(event, this.group, this.shown)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Not uPlot's own cursor: that one also reports a crosshair of its own after each new draw. */
  private attach(plot: uPlot): void {
    this.crosshair.attach(plot);
    plot.over.addEventListener('mousemove', ({ offsetX }) => {
      this.group.pointAt(nearestX(this.shown, plot.posToVal(offsetX, 'x')));
    });
    plot.over.addEventListener('mouseleave', () => this.group.pointAt(null));
  }

  private selected(plot: uPlot): void {
    const { left, width } = plot.select;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (width >= shortestDrag) this.group.zoomTo([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
  }

  /** The chart as it is on the screen; null if it is hidden. */
  picture(): Picture | null {
    const { plotted, shown, painter } = this;
    if (!plotted || !painter || shown.length === 0) return null;
    if (this.picturedLines?.isExact === false) {
      this.picturedLines.finish();
      plotted.batch(() => plotted.redraw(false));
    }
    const { title } = this.spec;
    const scales = this.scales(plotted, devicePixelRatio);
    const { acrossLabel: across } = this.options;
    return pictureOf({
      title,
      across,
      plot: plotted,
      lines: shown,
      values: this.texts(null),
      scales,
      colourOf: painter.colourOf,
    });
  }

  /** @param ratio canvas pixels per pixel of the result */
  private scales({ bbox }: uPlot, ratio: number): Scales {
    const [left, top, width, height] = [bbox.left, bbox.top, bbox.width, bbox.height].map((part) => part / ratio) as [
      number,
      number,
      number,
      number,
    ];
    return {
      x: { range: this.across, log: this.look.logX, from: left, to: left + width },
      y: { range: this.up, log: this.look.logY, from: top + height, to: top },
    };
  }

  private paint(plot: uPlot): void {
    const scales = this.scales(plot, 1);
    this.picturedLines?.paint(plot.ctx, { lines: this.shown, scales, ratio: devicePixelRatio });
    this.painter?.marks(plot.ctx, this.options.marks, scales, devicePixelRatio);
  }

  private uPlotOptions(size: ChartSize): uPlot.Options {
    const style = getComputedStyle(document.body);
    this.painter = new Painter((name) => opaque(style.getPropertyValue(name).trim() || style.color), style.color);
    this.picturedLines = new LinePicture(this.painter, this.group.slices, () => this.plotted?.redraw(false));
    const { logX, logY } = this.look;
    return {
      ...size,
      legend: { show: false },
      // Room for marks and labels at both ends.
      padding: [8, 12, 0, 0],
      cursor: {
        x: false,
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => (this.group.zoomBack(), null) },
      },
      scales: {
        x: { time: false, distr: logX ? 3 : 1, range: () => [...this.across] as [number, number] },
        y: { distr: logY ? 3 : 1, range: () => [...this.up] as [number, number] },
      },
      axes: axesOf(this.look, style),
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: {
        init: [(plot) => this.attach(plot)],
        setSelect: [(plot) => this.selected(plot)],
        drawAxes: [(plot) => this.paint(plot)],
        // uPlot draws later than it is asked to, and only then knows where a value is.
        draw: [() => this.showCrosshair()],
      },
    };
  }
}

/** The smoothed value at x, or the last one before it; null: the last value. NaN if there is none. */
function valueOf({ x, bold, above, below }: Line, at: number | null): number {
  const index = at === null ? x.length - 1 : pointAt({ x }, at);
  const last = index === null ? -Infinity : (x[index] ?? -Infinity);
  const [up, down] = [above, below].map((column) => {
    const found = at === null ? column.length - 1 : pointAt({ x: column }, at);
    return found === null ? -Infinity : (column[found] ?? -Infinity);
  });
  if (up !== undefined && up > last) return Infinity;
  if (down !== undefined && down > last) return -Infinity;
  return index === null ? Number.NaN : (bold.values[index] ?? Number.NaN);
}

/** A range that an axis can show: of a single point, one around it. */
function widened([low, high]: Range, log: boolean): Range {
  if (high > low) return [low, high];
  return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
}

/** ARIA allows no exponent in a number. */
function decimal(value: number): string {
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 });
}
