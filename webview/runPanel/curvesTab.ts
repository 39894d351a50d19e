import { at } from '../../src/base/pure/must';
import type { Curves, RunDetail } from '../../src/protocol/runPanel';
import type { PairsBehind } from '../../src/run/symptoms/symptom';
import { h, replace } from '../shared/dom';
import { Chart } from '../shared/chart/chart';
import { type ChartColumns, chartColumns, plotHeight } from '../shared/chart/chartLayout';
import { ChartGroup } from '../shared/chart/group';
import { plainOptions } from '../shared/chart/series';
import { chartSpecs, linesWithPoints, seriesOf } from './chartSpecs';
import { pointTable } from './pointTable';
import { RemarkList } from './remarkList';
import { strings } from './strings';

export interface CurveChoices {
  readonly x: 'step' | 'time';
  readonly smoothing: number;
  readonly logY: boolean;
  readonly table: boolean;
}

export const defaultChoices: CurveChoices = { x: 'step', smoothing: 0.6, logY: false, table: false };

const smoothings = [0, 0.6, 0.9];
/** A tab of this height in pixels has room for remarks below two rows of charts. */
const tallEnough = 420;

export interface CurvesSource {
  curves(width: number): Promise<Curves>;
  /** Shows the pairs behind a remark. */
  showPairs(pairs: PairsBehind): void;
  choices(): CurveChoices;
  choose(choices: CurveChoices): void;
}

/** The charts or a table of their points, with remarks and the run's error. */
export class CurvesTab {
  readonly element = h('div', { class: 'curves' });
  /** Shown beside the tabs. */
  readonly options = h('div', { class: 'options', role: 'toolbar' });
  private readonly group = new ChartGroup({ pointed: (x) => this.point(x) });
  private readonly charts = chartSpecs.map((spec) => ({ spec, chart: new Chart(spec, this.group) }));
  private readonly grid = h('div', { class: 'charts' }, ...this.charts.map(({ chart }) => chart.element));
  private readonly error = h('p', { class: 'remark bad', role: 'alert' });
  private readonly remarks: RemarkList;
  private readonly note = h('div', { class: 'empty' });
  /** The step under the cursor. */
  private readonly at = h('span', { class: 'at num' });
  private readonly place = h('div', { class: 'place' });
  private curves: Curves | null = null;
  private readonly resized = new ResizeObserver(() => this.draw());
  /** The scrolling parent. Its height is the room for the charts. */
  private holder: HTMLElement | null = null;

  constructor(private readonly source: CurvesSource) {
    this.remarks = new RemarkList((pairs) => source.showPairs(pairs));
    replace(this.element, this.error, this.place, this.remarks.element);
    this.resized.observe(this.element);
    this.drawOptions();
  }

  /** Asks for the points and draws them. */
  async show({ run, remarks }: RunDetail): Promise<void> {
    if (!run) return;
    this.watchHolder();
    const failure = run.status === 'lost' ? strings.lost : run.state?.error?.message;
    this.error.textContent = failure ?? null;
    this.error.hidden = failure === undefined;
    this.remarks.show(remarks);
    this.note.textContent =
      run.status === 'starting' || run.status === 'running'
        ? strings.waitingForPoint
        : failure === undefined
          ? strings.noPoints
          : '';
    this.curves = await this.source.curves(this.chartWidth().width * devicePixelRatio);
    this.draw();
  }

  private watchHolder(): void {
    const holder = this.element.parentElement;
    if (!holder || holder === this.holder) return;
    this.holder = holder;
    this.resized.observe(holder);
  }

  recolour(): void {
    for (const { chart } of this.charts) chart.forget();
    this.draw();
  }

  private chartWidth(): ChartColumns {
    const { curves } = this;
    const shown = curves
      ? chartSpecs.filter((spec) => linesWithPoints(spec, curves).length > 0).length
      : chartSpecs.length;
    return chartColumns(shown, this.element.clientWidth);
  }

  private draw(): void {
    const { curves } = this;
    if (!curves || this.element.clientWidth === 0) return;
    if (curves.steps.length === 0) return this.put(this.note);
    if (this.source.choices().table) return replace(this.place, pointTable(curves));
    this.put(this.grid);
    // Below the charts nobody would see the remarks.
    this.element.classList.toggle('short', (this.holder?.clientHeight ?? 0) < tallEnough);
    const { columns, width } = this.chartWidth();
    this.grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    const { x, smoothing, logY } = this.source.choices();
    const options = {
      ...plainOptions,
      across: x === 'step' ? ('count' as const) : x,
      acrossLabel: strings.step,
      smoothing,
      logY,
    };
    const column = x === 'step' ? curves.steps : curves.times;
    const shown = this.charts.filter(({ spec, chart }) => chart.show(seriesOf(spec, curves, column), options));
    const height = plotHeight(
      shown.map(({ chart }) => chart.headerHeight),
      columns,
      this.room(),
    );
    for (const { chart } of shown) chart.draw({ width, height });
  }

  /** Pixels that the remarks and the error leave for the charts; 0 before the tab has a parent. */
  private room(): number {
    if (!this.holder) return 0;
    const above = [this.error, this.remarks.element];
    return above.reduce((room, element) => room - outerHeight(element), this.holder.clientHeight);
  }

  private put(child: HTMLElement): void {
    if (this.place.firstChild !== child || this.place.childElementCount > 1) replace(this.place, child);
  }

  private point(x: number | null): void {
    const { curves } = this;
    const column = this.source.choices().x === 'step' ? curves?.steps : curves?.times;
    const step = x === null ? undefined : curves?.steps[column?.indexOf(x) ?? -1];
    this.at.textContent = step === undefined ? '' : strings.atStep(step);
  }

  private change(part: Partial<CurveChoices>, button: number): void {
    this.source.choose({ ...this.source.choices(), ...part });
    if (part.x) this.group.reset();
    this.drawOptions();
    (this.options.children[button] as HTMLElement | undefined)?.focus();
    this.draw();
  }

  private drawOptions(): void {
    const { x, smoothing, logY, table } = this.source.choices();
    const { options, optionHelp } = strings;
    const next = at(smoothings, (smoothings.indexOf(smoothing) + 1) % smoothings.length);
    replace(
      this.options,
      this.at,
      option(options[x], optionHelp.x, null, () => this.change({ x: x === 'step' ? 'time' : 'step' }, 1)),
      option(options.smoothing(smoothing), optionHelp.smoothing, null, () => this.change({ smoothing: next }, 2)),
      option(options.logY, optionHelp.logY, logY, () => this.change({ logY: !logY }, 3)),
      option(options.table, optionHelp.table, table, () => this.change({ table: !table }, 4)),
    );
  }
}

/** Height of an element with its margins, in pixels. */
function outerHeight(element: HTMLElement): number {
  if (element.hidden) return 0;
  const { marginTop, marginBottom } = getComputedStyle(element);
  return element.offsetHeight + Number.parseFloat(marginTop) + Number.parseFloat(marginBottom);
}

/** @param pressed null for an option with more than two values */
function option(label: string, title: string, pressed: boolean | null, click: () => void): HTMLElement {
  return h(
    'button',
    { class: 'option', title, aria: pressed === null ? {} : { pressed: String(pressed) }, on: { click } },
    label,
  );
}
