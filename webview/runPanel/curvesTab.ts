import type { CurvePage } from '../../src/run/curves';
import type { Curves, RunDetail } from '../../src/protocol/runPanel';
import type { PairsBehind } from '../../src/run/symptoms/symptom';
import { Chart } from '../shared/chart/chart';
import { type ChartColumns, chartColumns, plotHeight } from '../shared/chart/chartLayout';
import { ChartGroup } from '../shared/chart/group';
import { pngOf, svgOf } from '../shared/chart/picture';
import type { ChartOptions, Range } from '../shared/chart/series';
import { h, replace } from '../shared/dom';
import { chartMetrics, chartSpecs, linesWithPoints, seriesOf } from './chartSpecs';
import type { CurveChoices } from './curveChoices';
import { CurveOptions } from './curveOptions';
import { PinList } from './pinList';
import { PointTable } from './pointTable';
import { RemarkList } from './remarkList';
import { type Points, RunPoints } from '../shared/runPoints';
import { strings } from './strings';
import { axisMetrics, type AxisName, leftOut, type XAxis, xAxisOf } from './xAxis';

/** A tab of this height in pixels has room for remarks below two rows of charts. */
const tallEnough = 420;
/** Metrics that the view asks for. */
const metrics = [...new Set([...chartMetrics, ...axisMetrics])];
/** The name of the performance measure of drawing all charts. */
const measured = 'margin.curves.draw';

export interface CurvesSource {
  /** A few points, for a first picture. */
  curves(width: number, metrics: readonly string[]): Promise<Curves>;
  points(from: number, metrics: readonly string[]): Promise<CurvePage>;
  /** Shows the pairs behind a remark. */
  showPairs(pairs: PairsBehind): void;
  choices(): CurveChoices;
  choose(choices: CurveChoices): void;
  pin(step: number): void;
  unpin(step: number): void;
  saveTable(): void;
  savePicture(kind: 'svg' | 'png', content: string): void;
  announce(text: string): void;
}

/** The charts or a table of their points, with pins, remarks and the run's error. */
export class CurvesTab {
  readonly element = h('div', { class: 'curves' });
  private readonly group = new ChartGroup({ pointed: (x) => this.point(x), zoomed: (range) => this.sayZoom(range) });
  private readonly charts = chartSpecs.map((spec) => ({ spec, chart: new Chart(spec, this.group) }));
  private readonly grid = h('div', { class: 'charts' }, ...this.charts.map(({ chart }) => chart.element));
  private readonly table = new PointTable((index) => this.showPoint(index));
  private readonly error = h('p', { class: 'remark bad', role: 'alert' });
  private readonly remarks: RemarkList;
  private readonly pins: PinList;
  private readonly bar: CurveOptions;
  private readonly note = h('div', { class: 'empty' });
  private readonly place = h('div', { class: 'place' });
  private readonly resized = new ResizeObserver(() => this.draw());
  private detail: RunDetail | null = null;
  private run = new RunPoints();
  /** What is drawn: all points, or a few before those have come. */
  private points: Points | null = null;
  /** The step that the person pointed at last. */
  private pointed: number | null = null;
  /** The scrolling parent. Its height is the room for the charts. */
  private holder: HTMLElement | null = null;

  constructor(private readonly source: CurvesSource) {
    const pin = (step: number): void => source.pin(step);
    this.remarks = new RemarkList((pairs) => source.showPairs(pairs));
    this.pins = new PinList({ show: (step) => this.showStep(step), edit: pin, remove: (step) => source.unpin(step) });
    this.bar = new CurveOptions({
      choices: () => source.choices(),
      change: (part) => this.change(part),
      pin,
      missing: (name) => this.axis(name)?.missing ?? null,
      step: () => this.pointed ?? this.points?.steps.at(-1) ?? null,
      zoomOut: () => this.group.zoomOut(),
      save: (kind) => this.save(kind),
    });
    this.grid.addEventListener('keydown', (event) => this.key(event));
    replace(this.element, this.error, this.place, this.pins.element, this.remarks.element);
    this.resized.observe(this.element);
  }

  /** Shown beside the tabs. */
  get options(): HTMLElement {
    return this.bar.element;
  }

  /** Draws the options again, because the choices were remembered. */
  choicesChanged(): void {
    this.bar.draw();
  }

  /** Asks for the points and draws them. */
  async show(detail: RunDetail): Promise<void> {
    const { run, remarks, pins } = detail;
    if (!run) return;
    if (run.folder !== this.detail?.run?.folder) this.forget();
    this.detail = detail;
    this.watchHolder();
    this.showTexts(run, detail.unreadable);
    this.remarks.show(remarks);
    this.pins.show(pins);
    await this.load(detail);
    this.draw();
  }

  private watchHolder(): void {
    const holder = this.element.parentElement;
    if (!holder || holder === this.holder) return;
    this.holder = holder;
    this.resized.observe(holder);
  }

  /** Fetches points; of a run that the view does not know yet, a few first. */
  private async load({ reading }: RunDetail): Promise<void> {
    const points = this.run;
    if (points.length === 0) {
      const few = await this.source.curves(this.chartWidth().width * devicePixelRatio, metrics);
      if (points !== this.run) return;
      if (points.length === 0) this.points = { ...few, notNumbers: {} };
      this.draw();
    }
    if (reading !== null) return;
    await points.update((from) => this.source.points(from, metrics));
    if (points === this.run) this.points = points.points;
  }

  private forget(): void {
    this.run = new RunPoints();
    this.points = null;
    this.pointed = null;
    this.group.reset();
    this.table.clear();
  }

  private showTexts(run: NonNullable<RunDetail['run']>, unreadable: string | null): void {
    const failure = run.status === 'lost' ? (run.lost ?? strings.lost) : run.state?.error?.message;
    const shown = unreadable === null ? failure : strings.unreadable(unreadable);
    this.error.textContent = shown ?? null;
    this.error.hidden = shown === undefined;
    this.note.textContent = failure === undefined ? noPointsText(run.status) : '';
  }

  recolour(): void {
    for (const { chart } of this.charts) chart.forget();
    this.draw();
  }

  private axis(name: AxisName): XAxis | null {
    return this.points && xAxisOf(name, this.points, this.detail && this.detail.config);
  }

  /** The chosen axis, or steps if the run does not have it. */
  private shownAxis(points: Points): XAxis & { readonly x: Float64Array } {
    const axis = this.axis(this.source.choices().x);
    return axis?.x ? axis : { name: 'step', x: points.steps, missing: null };
  }

  private chartWidth(): ChartColumns {
    const { points } = this;
    const shown = points
      ? chartSpecs.filter((spec) => linesWithPoints(spec, points).length > 0).length
      : chartSpecs.length;
    return chartColumns(shown, this.element.clientWidth);
  }

  private draw(): void {
    const { points } = this;
    if (!points || this.element.clientWidth === 0) return;
    if (points.steps.length === 0) return this.put(this.note);
    const isTable = this.source.choices().table;
    this.element.classList.toggle('as-table', isTable);
    if (isTable) {
      this.put(this.table.element);
      return this.table.show(points);
    }
    this.put(this.grid);
    const from = performance.now();
    this.drawCharts(points);
    performance.measure(measured, { start: from, end: performance.now() });
    this.point(this.group.point);
  }

  private drawCharts(points: Points): void {
    // Below the charts nobody would see the remarks.
    this.element.classList.toggle('short', (this.holder?.clientHeight ?? 0) < tallEnough);
    const { columns, width } = this.chartWidth();
    this.grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    const axis = this.shownAxis(points);
    const options = this.chartOptions(axis, points);
    const shown = this.charts.filter(({ spec, chart }) => chart.show(seriesOf(spec, points, axis.x), options));
    const height = plotHeight(
      shown.map(({ chart }) => chart.headerHeight),
      columns,
      this.room(),
    );
    for (const { chart } of shown) chart.draw({ width, height });
  }

  private chartOptions({ name, x }: XAxis & { readonly x: Float64Array }, points: Points): ChartOptions {
    const { smoothing, logX, logY, clip } = this.source.choices();
    const marks = (this.detail?.pins ?? []).flatMap(({ step, note }) => {
      const at = x[indexOfStep(points.steps, step)];
      return at === undefined || Number.isNaN(at) ? [] : [{ x: at, label: note }];
    });
    const acrossLabel = strings.axes.names[name];
    return { across: name === 'time' ? 'time' : 'count', acrossLabel, smoothing, logX, logY, clip, marks };
  }

  /** Pixels that the texts leave for the charts; 0 before the tab has a parent. */
  private room(): number {
    if (!this.holder) return 0;
    const others = [this.error, this.pins.element, this.remarks.element];
    return others.reduce((room, element) => room - outerHeight(element), this.holder.clientHeight);
  }

  private put(child: HTMLElement): void {
    if (this.place.firstChild !== child || this.place.childElementCount > 1) replace(this.place, child);
  }

  /** Says the step at the crosshair, or what is missing in the charts. */
  private point(x: number | null): void {
    const { points } = this;
    if (!points) return;
    const axis = this.shownAxis(points);
    const step = x === null ? undefined : points.steps[axis.x.indexOf(x)];
    if (step !== undefined) this.pointed = step;
    const without = leftOut(axis.x);
    const reading = this.detail && this.detail.reading;
    if (step !== undefined) this.bar.say(strings.atStep(step));
    else if (reading !== null) this.bar.say(strings.reading(reading));
    else this.bar.say(without === 0 ? '' : strings.axes.leftOut(without, strings.axes.names[axis.name]));
  }

  private showStep(step: number): void {
    const { points } = this;
    if (points) this.showPoint(indexOfStep(points.steps, step));
  }

  private showPoint(index: number): void {
    const { points } = this;
    const x = points && this.shownAxis(points).x[index];
    if (x !== null && x !== undefined && !Number.isNaN(x)) this.group.pointAt(x);
  }

  private sayZoom(range: Range | null): void {
    if (range === null) return this.source.announce(strings.zoomedOut);
    const [from, to] = range.map((end) => String(Number(end.toPrecision(4))));
    this.source.announce(strings.zoomed(from ?? '', to ?? ''));
  }

  private key(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'p' || event.ctrlKey || event.altKey || event.metaKey) return;
    if (this.group.point === null || this.pointed === null) return;
    event.preventDefault();
    this.source.pin(this.pointed);
  }

  private save(kind: 'csv' | 'svg' | 'png'): void {
    if (kind === 'csv') return this.source.saveTable();
    const pictures = this.charts.flatMap(({ chart }) => chart.picture() ?? []);
    const content = kind === 'svg' ? svgOf(pictures) : pngOf(pictures);
    this.source.savePicture(kind, content);
  }

  private change(part: Partial<CurveChoices>): void {
    this.source.choose({ ...this.source.choices(), ...part });
    // A crosshair and a zoom of another axis mean nothing on this one.
    if (part.x !== undefined || part.logX !== undefined) this.group.reset();
    this.bar.draw();
    this.draw();
  }
}

/** The index of the point at a step or the last before it; -1 before the first. */
function indexOfStep(steps: Float64Array, step: number): number {
  const after = steps.findIndex((value) => value > step);
  return (after < 0 ? steps.length : after) - 1;
}

/** Height of an element with its margins, in pixels. */
function outerHeight(element: HTMLElement): number {
  if (element.hidden) return 0;
  const { marginTop, marginBottom } = getComputedStyle(element);
  return element.offsetHeight + Number.parseFloat(marginTop) + Number.parseFloat(marginBottom);
}

function noPointsText(status: NonNullable<RunDetail['run']>['status']): string {
  if (status === 'starting' || status === 'running') return strings.waitingForPoint;
  return status === 'queued' ? strings.queued : strings.noPoints;
}
