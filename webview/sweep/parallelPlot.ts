import type { AxisTick, SweepDetail, SweepRow } from '../../src/protocol/sweep';
import { h } from '../shared/dom';
import { afterKey, dragged, isInside, type Brush, type Brushes } from './brushes';
import { strings } from './strings';

const height = 220;
const [top, bottom] = [34, 18];
const inner = height - top - bottom;
/** Room for the marks of the first and the last axis. */
const side = 64;
/** Room for an axis, so that names do not overlap. In a narrow view the plot scrolls. */
const leastGap = 140;
/** Marks closer than this would overlap. Pixels. */
const markGap = 12;

export interface PlotActions {
  brush(axis: number, brush: Brush | null): void;
  select(trial: number): void;
  open(trial: number): void;
}

/** The trials of a sweep as lines across parallel axes. A drag along an axis, or its keys, choose a range of it. */
export class ParallelPlot {
  readonly element = h('div', { class: 'plot' });
  private readonly svg = svg('svg', { role: 'group', 'aria-label': strings.plot, height: String(height) });
  private detail: SweepDetail | null = null;
  private brushes: Brushes = [];
  private selected: number | null = null;

  constructor(private readonly actions: PlotActions) {
    this.element.append(this.svg);
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show(detail: SweepDetail, brushes: Brushes, selected: number | null): void {
    this.detail = detail;
    this.brushes = brushes;
    this.selected = selected;
    this.draw();
  }

  private draw(): void {
    const { detail } = this;
    const { clientWidth } = this.element;
    if (detail === null || clientWidth === 0) return;
    const width = Math.max(clientWidth, detail.axes.length * leastGap);
    const focused = this.svg.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-axis')
      : null;
    const last = detail.axes.length - 1;
    const x = (axis: number): number => (last === 0 ? width / 2 : side + (axis * (width - 2 * side)) / last);
    this.svg.setAttribute('width', String(width));
    // The best is drawn last, above the others.
    const lines = [...detail.rows].reverse().flatMap((row) => this.line(row, x));
    const axes = detail.axes.map(({ name, ticks }, i) => this.axis(name, ticks, i, x(i)));
    this.svg.replaceChildren(...lines, ...axes);
    if (focused) this.svg.querySelector<SVGElement>(`[data-axis="${focused}"]`)?.focus();
  }

  /** The line of a trial, and a wide one above it that is easy to hit. */
  private line(row: SweepRow, x: (axis: number) => number): SVGElement[] {
    const points = row.places.flatMap((place, i) => (place === null ? [] : [`${x(i)},${yOf(place)}`])).join(' ');
    const isOff = !isInside(row, this.brushes);
    const looks = ['trial', row.rank, row.state];
    if (isOff) looks.push('off');
    if (row.trial === this.selected) looks.push('selected');
    const hit = svg('polyline', { class: 'hit', points });
    hit.addEventListener('click', ({ detail }) =>
      detail > 1 ? this.actions.open(row.trial) : this.actions.select(row.trial),
    );
    return [svg('polyline', { class: looks.join(' '), points }), hit];
  }

  private axis(name: string, ticks: readonly AxisTick[], index: number, x: number): SVGElement {
    const brush = this.brushes[index] ?? null;
    const text = brush === null ? strings.all : strings.range(nearest(ticks, brush.low), nearest(ticks, brush.high));
    const middle = brush === null ? 0.5 : (brush.low + brush.high) / 2;
    const group = svg('g', {
      class: 'axis',
      role: 'slider',
      tabindex: '0',
      'data-axis': String(index),
      'aria-label': strings.axis(name),
      'aria-orientation': 'vertical',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      'aria-valuenow': String(Math.round(100 * middle)),
      'aria-valuetext': text,
    });
    const isLast = index > 0 && index === (this.detail?.axes.length ?? 0) - 1;
    // A long name in the middle of the last axis would leave the view.
    const title = svg('text', { x: String(isLast ? x + side - 8 : x), y: '14', class: isLast ? 'name last' : 'name' });
    title.textContent = name;
    group.append(title, svg('line', { x1: String(x), x2: String(x), y1: String(top), y2: String(top + inner) }));
    group.append(...marks(ticks, x));
    if (brush !== null) group.append(box('brush', x - 7, yOf(brush.high), 14, inner * (brush.high - brush.low)));
    group.append(box('catch', x - 14, top - 8, 28, inner + 16));
    group.addEventListener('keydown', (event) => this.key(event, index, brush));
    group.addEventListener('pointerdown', (event) => this.drag(event, index));
    return group;
  }

  private key(event: KeyboardEvent, index: number, brush: Brush | null): void {
    const changed = afterKey(brush, event.key, event.shiftKey);
    if (changed === 'unchanged') return;
    event.preventDefault();
    this.actions.brush(index, changed);
  }

  private drag(start: PointerEvent, index: number): void {
    const from = this.placeOf(start);
    const move = (event: PointerEvent): void => this.actions.brush(index, dragged(from, this.placeOf(event)));
    const end = (event: PointerEvent): void => {
      window.removeEventListener('pointermove', move);
      move(event);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end, { once: true });
  }

  private placeOf(event: PointerEvent): number {
    return 1 - (event.clientY - this.svg.getBoundingClientRect().top - top) / inner;
  }
}

const yOf = (place: number): number => top + inner * (1 - place);

/** The marks of an axis, without those that would overlap. */
function marks(ticks: readonly AxisTick[], x: number): SVGElement[] {
  let lastY = Infinity;
  return ticks.flatMap(({ at, label }) => {
    const y = yOf(at);
    if (lastY - y < markGap) return [];
    lastY = y;
    const text = svg('text', { x: String(x - 8), y: String(y + 4), class: 'mark' });
    text.textContent = label;
    return [svg('line', { x1: String(x - 4), x2: String(x), y1: String(y), y2: String(y) }), text];
  });
}

function nearest(ticks: readonly AxisTick[], place: number): string {
  const [first] = ticks.toSorted((a, b) => Math.abs(a.at - place) - Math.abs(b.at - place));
  return first === undefined ? '' : first.label;
}

function box(name: string, x: number, y: number, width: number, tall: number): SVGElement {
  return svg('rect', { class: name, x: String(x), y: String(y), width: String(width), height: String(tall) });
}

function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
