import type { PairNumber } from '../../../src/pairs/pairNumber';
import type { Scatter } from '../../../src/protocol/runPanel';
import { dropdown } from '../../shared/controls';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { isMargin, numberText } from './pairColumns';
import { pairStrings } from './pairStrings';
import type { Area, Range } from './plane';
import { ScatterPlot } from './scatterPlot';
import type { Cloud } from './scatterPaint';

/** The numbers on the axes. */
export interface Axes {
  readonly x: PairNumber;
  readonly y: PairNumber;
}

/** Cells of a grid of counts: about 6 CSS pixels each in a view of usual width. */
export const gridSize = { columns: 80, rows: 24 } as const;

const presets: readonly (Axes & { readonly id: keyof typeof pairStrings.presets })[] = [
  { id: 'length', x: 'lengthGap', y: 'margin' },
  { id: 'before', x: 'before', y: 'margin' },
  { id: 'suspect', x: 'suspect', y: 'margin' },
];

export interface ScatterActions {
  readonly axes: (axes: Axes) => void;
  readonly brush: (axes: Axes, area: Area) => void;
  /** Chooses the pair at a place of the list. */
  readonly choose: (index: number) => void;
  readonly say: (text: string) => void;
}

/** A scatter of the shown pairs, and the choice of its axes. */
export class ScatterPanel {
  readonly element: HTMLElement;
  private readonly head = h('div', { class: 'plot-head' });
  private readonly plot: ScatterPlot;
  private readonly none = h('div', { class: 'empty' }, pairStrings.noPoints);
  private axes: Axes = { x: 'lengthGap', y: 'margin' };
  private scatter: Scatter | null = null;
  private drawn = '';

  constructor(private readonly actions: ScatterActions) {
    this.plot = new ScatterPlot({
      brush: (area) => actions.brush(this.axes, area),
      choose: (point) => this.scatter?.kind === 'points' && actions.choose(this.scatter.index[point] ?? -1),
      pointText: (x, y) => this.pointText(x, y),
      cellText: ({ x, y }, count) =>
        pairStrings.cell(rangeText(this.axes.x, x), rangeText(this.axes.y, y), counted(count)),
      say: actions.say,
    });
    this.element = h('section', { class: 'plot-card scatter' }, this.head, this.plot.element, this.none);
  }

  /** @param known numbers that pairs have */
  show(scatter: Scatter, axes: Axes, known: ReadonlySet<PairNumber>): void {
    this.scatter = scatter;
    this.axes = axes;
    this.drawHead(known);
    const [y, x] = [nameOf(axes.y), nameOf(axes.x)];
    const cloud: Cloud =
      scatter.kind === 'points'
        ? { kind: 'points', points: scatter }
        : { kind: 'density', counts: scatter.counts, ...gridSize };
    const count = scatter.kind === 'points' ? scatter.index.length : scatter.counts.reduce((a, b) => a + b, 0);
    const [rangeX, rangeY] = [asRange(scatter.rangeX), asRange(scatter.rangeY)];
    const bad = isMargin(axes.y) ? 'y' : isMargin(axes.x) ? 'x' : null;
    const label = (scatter.kind === 'points' ? pairStrings.scatter : pairStrings.density)(y, x, counted(count));
    this.none.hidden = count > 0;
    this.plot.element.hidden = count === 0;
    if (count > 0) this.plot.show({ cloud, x: rangeX, y: rangeY, bad }, label);
  }

  /** Rings the selected pair. @param numberOf its numbers; null if none is selected */
  select(numberOf: ((name: PairNumber) => number | null) | null): void {
    const [x, y] = numberOf === null ? [null, null] : [numberOf(this.axes.x), numberOf(this.axes.y)];
    this.plot.select(x === null || y === null ? null : { x, y });
  }

  recolour(): void {
    this.plot.recolour();
  }

  private pointText(x: number, y: number): string {
    const { axes } = this;
    return pairStrings.point(nameOf(axes.x), numberText(axes.x, x), nameOf(axes.y), numberText(axes.y, y));
  }

  /** Draws the choices only when they change, because a redraw closes an open list. */
  private drawHead(known: ReadonlySet<PairNumber>): void {
    const { x, y } = this.axes;
    const drawn = JSON.stringify([[...known], x, y]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const choices = [...new Set([...known, x, y])].map((id) => ({ id, label: nameOf(id) }));
    const choose = (axis: keyof Axes) => (id: string) => {
      const found = choices.find((choice) => choice.id === id);
      if (found) this.actions.axes({ ...this.axes, [axis]: found.id });
    };
    replace(
      this.head,
      dropdown(pairStrings.upOf, choices, y, choose('y')),
      h('span', { class: 'muted' }, '×'),
      dropdown(pairStrings.acrossOf, choices, x, choose('x')),
      h('span', { class: 'grow' }),
      ...presets
        .filter((preset) => known.has(preset.x))
        .map(({ id, ...axes }) => {
          const isShown = axes.x === x && axes.y === y;
          const { label, title } = pairStrings.presets[id];
          const on = { click: () => this.actions.axes(axes) };
          return h('button', { class: 'option', title, aria: { pressed: String(isShown) }, on }, label);
        }),
    );
  }
}

const nameOf = (name: PairNumber): string => pairStrings.numbers[name].short;
const asRange = ([low, high]: readonly [number, number]): Range => ({ low, high });

function rangeText(name: PairNumber, { low, high }: Range): string {
  return pairStrings.range(nameOf(name), numberText(name, low), numberText(name, high));
}
