import type { Curves, RunDetail } from '../../src/protocol/runPanel';
import { h, replace } from '../shared/dom';
import { Chart, type ChartOptions } from './chart';
import { chartSpecs, linesWithPoints } from './chartSpecs';
import { pointTable } from './pointTable';
import { strings } from './strings';

export interface CurveChoices extends ChartOptions {
  readonly table: boolean;
}

export const defaultChoices: CurveChoices = { x: 'step', smoothing: 0.6, logY: false, table: false };

const smoothings = [0, 0.6, 0.9];
/** Narrowest chart in which names and values of two lines stand side by side. */
const narrowest = 250;
const sides = 24;
const gap = 22;

export interface CurvesSource {
  curves(width: number): Promise<Curves>;
  choices(): CurveChoices;
  choose(choices: CurveChoices): void;
}

/** Small multiples, or the same points as a table, and what they say. */
export class CurvesTab {
  readonly element = h('div', { class: 'curves' });
  /** Stands beside the tabs. */
  readonly options = h('div', { class: 'options', role: 'toolbar' });
  private readonly charts = chartSpecs.map((spec) => new Chart(spec, (index) => this.point(index)));
  private readonly grid = h('div', { class: 'charts' }, ...this.charts.map(({ element }) => element));
  private readonly error = h('p', { class: 'remark bad', role: 'alert' });
  private readonly remark = h('p', { class: 'remark' });
  private readonly note = h('div', { class: 'empty' });
  /** The step under the cursor. */
  private readonly at = h('span', { class: 'at num' });
  private readonly place = h('div', { class: 'place' });
  private curves: Curves | null = null;

  constructor(private readonly source: CurvesSource) {
    replace(this.element, this.error, this.place, this.remark);
    new ResizeObserver(() => this.draw()).observe(this.element);
    this.drawOptions();
  }

  /** Asks for the points and draws them. */
  async show({ run, remark }: RunDetail): Promise<void> {
    if (!run) return;
    const failure = run.status === 'lost' ? strings.lost : (run.state?.error?.message ?? '');
    this.error.textContent = failure;
    this.error.hidden = failure === '';
    this.remark.textContent = remark ?? '';
    this.remark.hidden = remark === null;
    this.note.textContent = run.status === 'starting' || run.status === 'running' ? strings.firstPoint : failure === '' ? strings.noPoints : '';
    this.curves = await this.source.curves(this.chartWidth().width * devicePixelRatio);
    this.draw();
  }

  recolour(): void {
    for (const chart of this.charts) chart.forget();
    this.draw();
  }

  private chartWidth(): { readonly columns: number; readonly width: number } {
    const space = Math.max(200, this.element.clientWidth - sides);
    const { curves } = this;
    const shown = curves ? chartSpecs.filter((spec) => linesWithPoints(spec, curves).length > 0).length : chartSpecs.length;
    const columns = Math.max(1, Math.min(shown, Math.floor((space + gap) / (narrowest + gap))));
    return { columns, width: Math.floor((space - (columns - 1) * gap) / columns) };
  }

  private draw(): void {
    const { curves } = this;
    if (!curves || this.element.clientWidth === 0) return;
    if (curves.steps.length === 0) return this.put(this.note);
    if (this.source.choices().table) return replace(this.place, pointTable(curves));
    this.put(this.grid);
    const { columns, width } = this.chartWidth();
    this.grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    for (const chart of this.charts) chart.draw(curves, width, this.source.choices());
  }

  private put(child: HTMLElement): void {
    if (this.place.firstChild !== child || this.place.childElementCount > 1) replace(this.place, child);
  }

  private point(index: number | null): void {
    const step = index === null ? undefined : this.curves?.steps[index];
    this.at.textContent = step === undefined ? '' : strings.atStep(step);
  }

  private change(part: Partial<CurveChoices>, button: number): void {
    this.source.choose({ ...this.source.choices(), ...part });
    this.drawOptions();
    (this.options.children[button] as HTMLElement | undefined)?.focus();
    this.draw();
  }

  private drawOptions(): void {
    const { x, smoothing, logY, table } = this.source.choices();
    const { options, optionHelp } = strings;
    const next = smoothings[(smoothings.indexOf(smoothing) + 1) % smoothings.length] ?? 0;
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

/** @param pressed null for one that goes through several values */
function option(label: string, title: string, pressed: boolean | null, click: () => void): HTMLElement {
  return h('button', { class: 'option', title, aria: pressed === null ? {} : { pressed: String(pressed) }, on: { click } }, label);
}
