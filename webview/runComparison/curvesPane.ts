import type { MetricPoints, RunRow, RunSentence } from '../../src/protocol/runComparison';
import { h, replace } from '../shared/dom';
import { Chart } from '../shared/chart/chart';
import { chartColumns, plotHeight } from '../shared/chart/chartLayout';
import { ChartGroup } from '../shared/chart/group';
import { pngOf, svgOf } from '../shared/chart/picture';
import { plainOptions, type Series } from '../shared/chart/series';
import { metricOf, placesOf, runCharts, tokensMetric } from './curveSpecs';
import { lookOf } from './runLooks';
import type { ShownCurves } from './shownCurves';
import { strings } from './strings';
import type { ViewState } from './viewState';

/** A shown run with its points. */
export interface DrawnRun {
  readonly run: RunRow;
  readonly slot: number;
  readonly curves: ShownCurves;
}

const none = new Float64Array(0);

type Look = Pick<ViewState, 'x' | 'smoothing' | 'logY'>;

/** The metrics of all shown runs as small multiples, with one crosshair, and sentences about the runs. */
export class CurvesPane {
  readonly element = h('div', { class: 'curves-pane' });
  private readonly group = new ChartGroup();
  private readonly charts = runCharts.map((chart) => {
    const { spec } = chart;
    return {
      chart,
      held: new Chart({ ...spec, ...(chart.trained === null ? {} : { about: strings.held }) }, this.group),
      trained: new Chart({ ...spec, ...(chart.held === null ? {} : { about: strings.trained }) }, this.group),
    };
  });
  private readonly grid = h('div', { class: 'charts' });
  private readonly note = h('div', { class: 'empty' });
  private readonly said = h('ul', { class: 'run-sentences', aria: { label: strings.sentences } });
  private runs: readonly DrawnRun[] = [];
  private look: Look = { x: 'step', smoothing: 0, logY: false };
  private readonly resized = new ResizeObserver(() => this.draw());
  private readonly columns = new WeakMap<Float64Array, Map<string, Float64Array>>();

  constructor() {
    replace(this.grid, ...this.charts.flatMap(({ held, trained }) => [held.element, trained.element]));
    replace(this.element, this.note, this.grid, this.said);
    this.resized.observe(this.element);
  }

  show(runs: readonly DrawnRun[], look: Look): void {
    if (look.x !== this.look.x) this.group.reset();
    this.runs = runs;
    this.look = look;
    this.draw();
  }

  say(sentences: readonly RunSentence[]): void {
    replace(
      this.said,
      ...sentences.map(({ name, kind, text, advice }) =>
        h(
          'li',
          {},
          h(
            'span',
            { class: kind === 'warn' ? 'warn' : 'muted', aria: { hidden: 'true' } },
            kind === 'warn' ? '⚠' : 'i',
          ),
          ' ',
          kind === 'warn' ? h('b', {}, `${name}: `) : null,
          text,
          advice === null ? null : h('span', { class: 'muted' }, ` ${advice}`),
        ),
      ),
    );
    this.said.hidden = sentences.length === 0;
    this.draw();
  }

  /** The charts on the screen; a PNG is in base64. */
  picture(kind: 'svg' | 'png'): string {
    const pictures = this.charts.flatMap(({ held, trained }) =>
      [held, trained].flatMap((chart) => (chart.element.hidden ? [] : (chart.picture() ?? []))),
    );
    return kind === 'svg' ? svgOf(pictures) : pngOf(pictures);
  }

  recolour(): void {
    for (const { held, trained } of this.charts) for (const chart of [held, trained]) chart.forget();
    this.draw();
  }

  private draw(): void {
    if (this.element.clientWidth === 0) return;
    const { smoothing, logY, x } = this.look;
    const options = {
      ...plainOptions,
      across: x === 'time' ? ('time' as const) : ('count' as const),
      acrossLabel: strings.axes[x],
      smoothing,
      logY,
    };
    const metrics = this.runs.map(({ curves }) => ({ ...curves.notNumbers, ...curves.metrics }));
    const shown = this.charts.flatMap(({ chart, held, trained }) => {
      const metric = metricOf(chart, metrics);
      const used = metric === null ? null : metric === chart.held ? held : trained;
      for (const one of [held, trained]) if (one !== used) one.show([], options);
      return used !== null && metric !== null && used.show(this.seriesOf(metric), options) ? [used] : [];
    });
    this.note.textContent = this.runs.length === 0 ? strings.noCurves : strings.noPoints;
    this.note.hidden = shown.length > 0;
    this.grid.hidden = shown.length === 0;
    // Of many runs the table is the legend.
    this.grid.classList.toggle('many', this.runs.length > 2);
    const { columns, width } = chartColumns(Math.max(1, shown.length), this.element.clientWidth);
    this.grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    const room = this.element.clientHeight - this.said.offsetHeight;
    const height = plotHeight(
      shown.map(({ headerHeight }) => headerHeight),
      columns,
      room,
    );
    for (const chart of shown) chart.draw({ width, height });
  }

  private seriesOf(metric: string): readonly Series[] {
    const names = new Map<string, number>();
    return this.runs.flatMap(({ run, slot, curves }) => {
      const points = curves.metrics[metric];
      const bad = curves.notNumbers[metric];
      if (!points && !bad) return [];
      const before = names.get(run.name) ?? 0;
      names.set(run.name, before + 1);
      const { colour, dash } = lookOf(slot);
      return {
        // The chart knows a line by its label.
        label: before === 0 ? run.name : `${run.name} (${before + 1})`,
        x: points ? this.placesOf(curves, points, run) : none,
        y: points ? points.values : none,
        colour,
        dash,
        ...(bad ? { notNumbers: this.placesOf(curves, bad, run).filter((place) => !Number.isNaN(place)) } : {}),
        // Evaluations are means over all held-out pairs, and few.
        ...(metric.startsWith('eval_') ? { exact: true as const } : {}),
      };
    });
  }

  /** The same array as long as nothing changes: the chart prepares a line only if its columns are others. */
  private placesOf({ metrics }: ShownCurves, points: MetricPoints, { pairsPerStep }: RunRow): Float64Array {
    const known = this.columns.get(points.values) ?? new Map<string, Float64Array>();
    this.columns.set(points.values, known);
    const { x } = this.look;
    const column = known.get(x) ?? placesOf(points, x, pairsPerStep, metrics[tokensMetric] ?? null);
    known.set(x, column);
    return column;
  }
}
