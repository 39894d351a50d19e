import { at } from '../../src/base/pure/must';
import { h, replace } from '../shared/dom';
import { compact } from '../shared/format';
import { VirtualList } from '../shared/virtualList';
import { chartMetrics } from './chartSpecs';
import type { Points } from '../shared/runPoints';
import { strings } from './strings';

/** All points of the charts as a table, newest first, for screen readers and for reading values. */
export class PointTable {
  readonly element = h('div', { class: 'table' });
  private readonly list: VirtualList;
  private readonly head = h('div', { class: 'point-head', role: 'row' });
  private shown: readonly string[] = [];
  private points: Points | null = null;
  private missing: Readonly<Record<string, ReadonlySet<number>>> = {};

  /** @param select called with the index of the point of the row on which the selection is */
  constructor(private readonly select: (index: number) => void) {
    this.list = new VirtualList({
      label: strings.table,
      name: 'point',
      draw: (element, row) => this.draw(element, row),
      visible: () => undefined,
      select: (row) => this.chosen(row),
      open: (row) => this.chosen(row),
    });
    replace(this.element, this.head, this.list.element);
  }

  show(points: Points): void {
    if (points === this.points) return;
    const isFirst = this.points === null;
    const added = points.steps.length - (this.points?.steps.length ?? 0);
    this.points = points;
    this.shown = chartMetrics.filter((name) => points.series[name] !== undefined);
    this.missing = Object.fromEntries(
      Object.entries(points.notNumbers).map(([name, steps]) => [name, new Set<number>(steps)]),
    );
    this.element.style.setProperty('--columns', String(this.shown.length + 1));
    const cells = [strings.step, ...this.shown].map((name) =>
      h('span', { class: 'num clip', role: 'columnheader', title: name }, name),
    );
    replace(this.head, ...cells);
    this.list.setCount(points.steps.length);
    // New points come first: the rows that the person reads stay where they are.
    if (!isFirst && this.list.position > 0) this.list.position += added;
    if (!isFirst && this.list.selected >= 0) this.list.mark(this.list.selected + added);
    this.list.refresh();
  }

  /** Shows no points, because they were those of another run. */
  clear(): void {
    this.points = null;
    this.list.mark(-1);
    this.list.setCount(0);
  }

  private chosen(row: number): void {
    if (this.points) this.select(this.points.steps.length - 1 - row);
  }

  private draw(element: HTMLElement, row: number): void {
    const { points } = this;
    const index = points === null ? -1 : points.steps.length - 1 - row;
    if (!points || index < 0) return;
    const step = at(points.steps, index);
    const text = (name: string): string => {
      const value = points.series[name]?.[index] ?? Number.NaN;
      if (Number.isNaN(value)) return this.missing[name]?.has(step) === true ? 'NaN' : '';
      return Number.isFinite(value) ? compact(value) : value > 0 ? '∞' : '−∞';
    };
    element.append(...[String(step), ...this.shown.map(text)].map((cell) => h('span', { class: 'num clip' }, cell)));
  }
}
