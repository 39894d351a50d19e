import { at } from '../../../src/base/pure/must';
import { valueTicks } from '../../shared/ticks';
import { around, niceTicks, type Plane, plotSize, toX, toY } from './plane';
import { type Shade, shadeColour, shadeOf, shadeSteps } from './shades';
import type { Points } from './scatterSteps';

/** What is drawn: points, or how many pairs fall into each cell of a grid, row by row from the lowest y. */
export type Cloud =
  | { readonly kind: 'points'; readonly points: Points; readonly shade: Shade | null }
  | {
      readonly kind: 'density';
      readonly counts: Uint32Array;
      readonly columns: number;
      readonly rows: number;
      readonly shade: Shade | null;
    };

/** The axis on which values below 0 are drawn as bad; null if neither is a margin. */
export type BadAxis = 'x' | 'y' | null;

export interface Colours {
  readonly point: string;
  readonly bad: string;
  /** The other end of a scale of colours. */
  readonly high: string;
  readonly axis: string;
  readonly text: string;
  readonly mark: string;
  readonly background: string;
  readonly font: string;
}

/** The part of a canvas's context that is used; tests count the calls. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'clearRect'
  | 'fillRect'
  | 'strokeRect'
  | 'beginPath'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'moveTo'
  | 'lineTo'
  | 'fillText'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
>;

const radius = 1.8;
const ringRadius = 5;
/** A cell with a single pair must be seen. */
const faintest = 0.15;
const labelSize = 10;

/** Draws the axes and all pairs. It is drawn again for other data, sizes and themes only. */
export function paintCloud(pen: Pen, plane: Plane, cloud: Cloud, bad: BadAxis, colours: Colours): void {
  pen.clearRect(0, 0, plane.width, plane.height);
  paintAxes(pen, plane, colours);
  if (cloud.kind === 'points' && cloud.shade) paintShaded(pen, plane, cloud.points, cloud.shade, colours);
  else if (cloud.kind === 'points') paintPoints(pen, plane, cloud.points, bad, colours);
  else paintCells(pen, plane, cloud, bad, colours);
  pen.globalAlpha = 1;
}

function paintAxes(pen: Pen, plane: Plane, { axis, text, font }: Colours): void {
  const { width, height } = plotSize(plane);
  const [right, bottom] = [around.left + width, around.top + height];
  pen.globalAlpha = 1;
  pen.strokeStyle = axis;
  pen.lineWidth = 1;
  pen.beginPath();
  line(pen, around.left, bottom, right, bottom);
  if (isInside(plane.x, 0)) line(pen, toX(plane, 0), around.top, toX(plane, 0), bottom);
  if (isInside(plane.y, 0)) line(pen, around.left, toY(plane, 0), right, toY(plane, 0));
  pen.stroke();
  pen.fillStyle = text;
  pen.font = `${labelSize}px ${font}`;
  const across = niceTicks(plane.x, width / 90);
  pen.textBaseline = 'top';
  pen.textAlign = 'center';
  valueTicks(across.ticks, across.step).forEach((label, i) =>
    pen.fillText(label, Math.min(right - 8, Math.max(around.left + 8, toX(plane, at(across.ticks, i)))), bottom + 4),
  );
  const up = niceTicks(plane.y, height / 34);
  pen.textBaseline = 'middle';
  pen.textAlign = 'right';
  valueTicks(up.ticks, up.step).forEach((label, i) =>
    pen.fillText(label, around.left - 5, toY(plane, at(up.ticks, i))),
  );
}

/** On half pixels, so that a line of one pixel is sharp. */
function line(pen: Pen, ax: number, ay: number, bx: number, by: number): void {
  const sharp = (value: number): number => Math.round(value) + 0.5;
  pen.moveTo(sharp(ax), sharp(ay));
  pen.lineTo(sharp(bx), sharp(by));
}

function isInside({ low, high }: Plane['x'], value: number): boolean {
  return low < value && value < high;
}

function paintPoints(pen: Pen, plane: Plane, { x, y }: Points, bad: BadAxis, colours: Colours): void {
  pen.globalAlpha = 0.65;
  const judged = bad === null ? null : bad === 'x' ? x : y;
  for (const isBad of [false, true]) {
    pen.fillStyle = isBad ? colours.bad : colours.point;
    for (let i = 0; i < x.length; i++) {
      if (Number.isNaN(at(x, i) + at(y, i)) || (judged !== null && at(judged, i) < 0) !== isBad) continue;
      // A path of its own for each point: where points lie upon each other, the colour is stronger.
      pen.beginPath();
      pen.arc(toX(plane, at(x, i)), toY(plane, at(y, i)), radius, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

/** Points without the number are grey and lie below the others. */
function paintShaded(pen: Pen, plane: Plane, { x, y }: Points, shade: Shade, colours: Colours): void {
  pen.globalAlpha = 0.8;
  for (const step of [null, ...Array.from({ length: shadeSteps }, (_, i) => i)]) {
    pen.fillStyle = shadeText(step, colours);
    for (let i = 0; i < x.length; i++) {
      if (shadeOf(shade, at(shade.values, i)) !== step) continue;
      pen.beginPath();
      pen.arc(toX(plane, at(x, i)), toY(plane, at(y, i)), radius, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

function shadeText(step: number | null, { point, high, text }: Colours): string {
  return step === null ? text : shadeColour(point, high, step);
}

type Density = Extract<Cloud, { kind: 'density' }>;

function paintCells(
  pen: Pen,
  plane: Plane,
  { counts, columns, rows, shade }: Density,
  bad: BadAxis,
  colours: Colours,
): void {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  counts.forEach((count, i) => {
    if (count === 0) return;
    const box = cellBox(plane, { columns, rows }, i);
    const middle =
      bad === 'x'
        ? plane.x.low + (((i % columns) + 0.5) / columns) * (plane.x.high - plane.x.low)
        : plane.y.low + ((Math.floor(i / columns) + 0.5) / rows) * (plane.y.high - plane.y.low);
    const plain = bad !== null && middle < 0 ? colours.bad : colours.point;
    pen.fillStyle = shade === null ? plain : shadeText(shadeOf(shade, at(shade.values, i)), colours);
    // By the logarithm: counts of neighbouring cells differ by orders of magnitude.
    pen.globalAlpha = faintest + (1 - faintest) * (Math.log1p(count) / Math.log1p(most));
    pen.fillRect(box.x, box.y, box.width, box.height);
  });
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The place of a cell in CSS pixels. */
export function cellBox(plane: Plane, { columns, rows }: { columns: number; rows: number }, cell: number): Box {
  const size = plotSize(plane);
  const [width, height] = [size.width / columns, size.height / rows];
  const row = Math.floor(cell / columns);
  return {
    x: around.left + (cell % columns) * width,
    y: around.top + size.height - (row + 1) * height,
    width,
    height,
  };
}

/** What lies over the pairs: the brush, the selected pair, and the point or cell that the keyboard is on. */
export interface Marks {
  readonly brush: Box | null;
  /** The numbers of the selected pair. */
  readonly selected: { readonly x: number; readonly y: number } | null;
  readonly current: { readonly x: number; readonly y: number } | Box | null;
}

/** Draws the marks. The number of calls does not depend on how many pairs there are. */
export function paintMarks(pen: Pen, plane: Plane, { brush, selected, current }: Marks, colours: Colours): void {
  pen.clearRect(0, 0, plane.width, plane.height);
  pen.strokeStyle = colours.mark;
  pen.lineWidth = 1;
  if (brush) {
    pen.globalAlpha = 0.15;
    pen.fillStyle = colours.mark;
    pen.fillRect(brush.x, brush.y, brush.width, brush.height);
    pen.globalAlpha = 1;
    pen.strokeRect(brush.x + 0.5, brush.y + 0.5, brush.width, brush.height);
  }
  pen.globalAlpha = 1;
  if (current && 'width' in current)
    pen.strokeRect(current.x - 0.5, current.y - 0.5, current.width + 1, current.height + 1);
  else if (current) ring(pen, plane, current, ringRadius + 3, colours.mark, 1);
  if (selected) {
    ring(pen, plane, selected, ringRadius, colours.background, 4);
    ring(pen, plane, selected, ringRadius, colours.mark, 2);
  }
}

function ring(
  pen: Pen,
  plane: Plane,
  { x, y }: { readonly x: number; readonly y: number },
  size: number,
  colour: string,
  width: number,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(toX(plane, x), toY(plane, y), size, 0, 2 * Math.PI);
  pen.stroke();
}
