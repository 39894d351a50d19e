import { at } from '../../src/base/pure/must';
import type { Bar, Chart } from '../../src/pairs/statistics/chart';
import { binAt } from '../shared/bins';
import { counted } from '../shared/format';
import type { Area, Cell, Drawing, Shape } from './drawing';
import { drawNumbers } from './drawNumbers';
import { drawValues } from './drawValues';
import { strings } from './strings';
import { stepped } from './steps';

const namespace = 'http://www.w3.org/2000/svg';

/** The drawing of a chart. */
export function drawingOf(chart: Chart, width: number): Drawing {
  return chart.kind === 'numbers' ? drawNumbers(chart, width) : drawValues(chart, width);
}

/** What a bar says: `100–149, chosen: 372 (16 %)`. */
export function barText(chart: Chart, { bar, series }: Cell): string {
  const { label, counts } = at(chart.bars, bar);
  const count = at(counts, series);
  return strings.bar(label, at(chart.series, series), counted(count), shareText(chart, series, count));
}

/** The share of a series that a count is. */
export function shareText({ bars }: Chart, series: number, count: number): string {
  const total = bars.reduce((sum, { counts }) => sum + at(counts, series), 0);
  const share = total === 0 ? 0 : (100 * count) / total;
  return `${share > 0 && share < 10 ? share.toFixed(1) : Math.round(share)} %`;
}

/** The query of a bar's rows; null if there are none, or the filter cannot say it. */
export function queryOf({ counts, queries }: Bar, series: number): string | null {
  return at(counts, series) === 0 ? null : (queries[series] ?? null);
}

/**
 * A chart on the screen. It is one stop of Tab; the arrows move between its bars, Enter or a click opens the rows of
 * one, and a drag over ranges of numbers those of all.
 */
export class BarChart {
  readonly element: SVGSVGElement;
  private readonly cells: SVGElement[];
  private current = 0;
  private start: Cell | null = null;

  constructor(
    private readonly chart: Chart,
    readonly drawing: Drawing,
    private readonly open: (query: string, text: string) => void,
  ) {
    const { width, height, shapes, areas } = drawing;
    this.element = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group' }) as SVGSVGElement;
    this.element.setAttribute('aria-label', strings.chart(chart.title));
    const others = shapes.filter((shape) => shape.kind === 'text' || shape.cell === null);
    this.element.append(...others.map(drawn));
    this.cells = areas.map((area) => this.cell(area, shapes));
    this.element.append(...this.cells);
    this.mark(0, false);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('pointerup', (event) => this.drop(event));
  }

  private cell(area: Area, shapes: readonly Shape[]): SVGElement {
    const { bar, series, x, y, width, height } = area;
    const query = queryOf(at(this.chart.bars, bar), series);
    const text = barText(this.chart, area);
    const own = shapes.filter((one) => one.kind === 'rect' && one.cell?.bar === bar && one.cell.series === series);
    const hit = svg('rect', { class: 'hit', x, y, width, height });
    const group = svg(
      'g',
      { class: query === null ? 'cell fixed' : 'cell', role: query === null ? 'img' : 'button' },
      hit,
      ...own.map(drawn),
    );
    group.setAttribute('aria-label', query === null ? text : strings.show(text));
    const title = svg('title', {});
    title.textContent = text;
    group.append(title);
    group.addEventListener('click', () => this.choose({ bar, series }));
    group.addEventListener('pointerdown', () => (this.start = { bar, series }));
    return group;
  }

  private choose({ bar, series }: Cell): void {
    const query = queryOf(at(this.chart.bars, bar), series);
    if (query !== null) this.open(query, barText(this.chart, { bar, series }));
  }

  /** Opens the ranges of numbers that a drag has passed. */
  private drop(event: PointerEvent): void {
    const { start, chart, drawing } = this;
    this.start = null;
    if (!start || chart.kind !== 'numbers') return;
    const { left, width } = this.element.getBoundingClientRect();
    const from = at(drawing.areas, 0).x / drawing.width;
    const end = binAt(((event.clientX - left) / width - from) / (1 - from), chart.bars.length);
    if (end === start.bar) return;
    const passed = chart.bars.slice(Math.min(start.bar, end), Math.max(start.bar, end) + 1);
    const queries = passed.flatMap((bar) => queryOf(bar, start.series) ?? []);
    const labels = `${at(passed, 0).label} … ${at(passed, passed.length - 1).label}`;
    if (queries.length > 0) this.open(queries.map((query) => `(${query})`).join(' or '), labels);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return this.choose(at(this.drawing.areas, this.current));
    }
    const next = stepped(event.key, this.current, this.cells.length, this.chart.series.length, this.chart.kind);
    if (next === null) return;
    event.preventDefault();
    this.mark(next, true);
  }

  private mark(index: number, focus: boolean): void {
    this.current = index;
    for (const [i, cell] of this.cells.entries()) cell.setAttribute('tabindex', i === index ? '0' : '-1');
    if (focus) this.cells[index]?.focus();
  }
}

function drawn(shape: Shape): SVGElement {
  const { paint } = shape;
  if (shape.kind === 'text') {
    const { x, y, anchor, text } = shape;
    const element = svg('text', { class: `paint-${paint}`, x, y, 'text-anchor': anchor, 'aria-hidden': 'true' });
    element.textContent = text;
    return element;
  }
  const { x, y, width, height, hollow } = shape;
  return svg('rect', { class: `paint-${paint}${hollow ? ' hollow' : ''}`, x, y, width, height });
}

function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: SVGElement[]
): SVGElement {
  const element = document.createElementNS(namespace, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
