import type { ShownNumber } from '../../../src/pairs/fileNumber';
import type { Scatter, ScatterAxes } from '../../../src/protocol/runPanel';
import { dropdown } from '../../shared/controls';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { shortName as nameOf } from './numberNames';
import { isMargin, numberText } from './pairColumns';
import { pairStrings } from './pairStrings';
import type { Area, Range } from './plane';
import { ScatterPlot } from './scatterPlot';
import { ShadeKey } from './shadeKey';
import type { Cloud } from './scatterPaint';

/** Cells of a grid of counts: about 6 CSS pixels each in a view of usual width. */
export const gridSize = { columns: 80, rows: 24 } as const;

const presets: readonly (Pick<ScatterAxes, 'x' | 'y'> & { readonly id: keyof typeof pairStrings.presets })[] = [
  { id: 'length', x: 'lengthGap', y: 'margin' },
  { id: 'before', x: 'before', y: 'margin' },
  { id: 'suspect', x: 'suspect', y: 'margin' },
];

export interface ScatterActions {
  readonly axes: (axes: ScatterAxes) => void;
  readonly brush: (axes: ScatterAxes, area: Area) => void;
  /** Chooses the pair at a place of the list. */
  readonly choose: (index: number) => void;
  readonly say: (text: string) => void;
}

/** A scatter of the shown pairs, and the choice of its axes. */
export class ScatterPanel {
  readonly element: HTMLElement;
  private readonly head = h('div', { class: 'plot-head' });
  private readonly plot: ScatterPlot;
  private readonly key = new ShadeKey();
  private readonly none = h('div', { class: 'empty' }, pairStrings.noPoints);
  private axes: ScatterAxes = { x: 'lengthGap', y: 'margin', shade: null };
  private scatter: Scatter | null = null;
  private drawn = '';

  constructor(private readonly actions: ScatterActions) {
    this.plot = new ScatterPlot({
      brush: (area) => actions.brush(this.axes, area),
      choose: (point) => this.scatter?.kind === 'points' && actions.choose(this.scatter.index[point] ?? -1),
      pointText: (x, y, shade) => this.pointText(x, y) + this.shadeText(shade),
      cellText: ({ x, y }, count, shade) =>
        pairStrings.cell(rangeText(this.axes.x, x), rangeText(this.axes.y, y), counted(count)) + this.shadeText(shade),
      say: actions.say,
    });
    this.element = h(
      'section',
      { class: 'plot-card scatter' },
      this.head,
      this.key.element,
      this.plot.element,
      this.none,
    );
  }

  /** @param known numbers that pairs have */
  show(scatter: Scatter, axes: ScatterAxes, known: ReadonlySet<ShownNumber>): void {
    this.scatter = scatter;
    this.axes = axes;
    this.drawHead(known);
    const [y, x] = [nameOf(axes.y), nameOf(axes.x)];
    const cloud: Cloud =
      scatter.kind === 'points'
        ? { kind: 'points', points: scatter, shade: scatter.shade }
        : { kind: 'density', counts: scatter.counts, ...gridSize, shade: scatter.shade };
    const count = scatter.kind === 'points' ? scatter.index.length : scatter.counts.reduce((a, b) => a + b, 0);
    const [rangeX, rangeY] = [asRange(scatter.rangeX), asRange(scatter.rangeY)];
    const bad = isMargin(axes.y) ? 'y' : isMargin(axes.x) ? 'x' : null;
    const label = (scatter.kind === 'points' ? pairStrings.scatter : pairStrings.density)(y, x, counted(count));
    this.key.show(axes.shade, count > 0 ? scatter.shade : null);
    this.none.hidden = count > 0;
    this.plot.element.hidden = count === 0;
    if (count > 0) this.plot.show({ cloud, x: rangeX, y: rangeY, bad }, label);
  }

  /** Rings the selected pair. @param numberOf its numbers; null if none is selected */
  select(numberOf: ((name: ShownNumber) => number | null) | null): void {
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

  /** @param shade null: nothing colours the pairs */
  private shadeText(shade: number | null): string {
    const name = this.axes.shade;
    if (shade === null || name === null) return '';
    return `, ${nameOf(name)} ${Number.isNaN(shade) ? pairStrings.noShade : numberText(name, shade)}`;
  }

  /** Draws the choices only when they change, because a redraw closes an open list. */
  private drawHead(known: ReadonlySet<ShownNumber>): void {
    const { x, y, shade } = this.axes;
    const drawn = JSON.stringify([[...known], this.axes]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const choices = [...new Set([...known, x, y])].map((id) => ({ id, label: nameOf(id) }));
    const choose = (axis: keyof ScatterAxes) => (id: string) => {
      const found = choices.find((choice) => choice.id === id);
      if (found) this.actions.axes({ ...this.axes, [axis]: found.id });
    };
    const shades = [
      { id: '', label: pairStrings.signOfMargin },
      ...[...new Set([...known, ...(shade === null ? [] : [shade])])].map((id) => ({
        id,
        label: pairStrings.byNumber(nameOf(id)),
      })),
    ];
    const colour = (id: string): void => {
      const found = choices.find((choice) => choice.id === id);
      this.actions.axes({ ...this.axes, shade: found ? found.id : null });
    };
    replace(
      this.head,
      dropdown(pairStrings.upOf, choices, y, choose('y')),
      h('span', { class: 'muted' }, '×'),
      dropdown(pairStrings.acrossOf, choices, x, choose('x')),
      dropdown(pairStrings.shadeOf, shades, shade ?? '', colour),
      h('span', { class: 'grow' }),
      ...presets
        .filter((preset) => known.has(preset.x))
        .map(({ id, ...preset }) => {
          const axes = { ...preset, shade };
          const isShown = axes.x === x && axes.y === y;
          const { label, title } = pairStrings.presets[id];
          const on = { click: () => this.actions.axes(axes) };
          return h('button', { class: 'option', title, aria: { pressed: String(isShown) }, on }, label);
        }),
    );
  }
}

const asRange = ([low, high]: readonly [number, number]): Range => ({ low, high });

function rangeText(name: ShownNumber, { low, high }: Range): string {
  return pairStrings.range(nameOf(name), numberText(name, low), numberText(name, high));
}
