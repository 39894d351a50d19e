import { at } from '../../../src/base/pure/must';
import { h, perFrame } from '../../shared/dom';
import { Brush } from './brush';
import { type Area, areaOf, fromX, fromY, padded, type Plane, type Point, type Range } from './plane';
import { type BadAxis, type Box, cellBox, type Cloud, type Colours, paintCloud, paintMarks } from './scatterPaint';
import { nearestPoint, nextCell, PointSteps } from './scatterSteps';
import { canvasColours } from './canvasColours';

/** A point within this many CSS pixels of the pointer is meant. */
const reach = 8;

/** A cloud with the ranges of its axes. */
export interface PlottedCloud {
  readonly cloud: Cloud;
  readonly x: Range;
  readonly y: Range;
  readonly bad: BadAxis;
}

/** What a person does with a plot. */
export interface PlotActions {
  /** Draws a rectangle, or chooses a cell. */
  readonly brush: (area: Area) => void;
  /** Chooses a point by its place in the cloud. */
  readonly choose: (point: number) => void;
  /** What a point or a cell with so many pairs says. */
  readonly pointText: (x: number, y: number, shade: number | null) => string;
  readonly cellText: (area: Area, count: number, shade: number | null) => string;
  readonly say: (text: string) => void;
}

/**
 * Points or counts over two numbers, on a canvas. Another canvas above it has what moves: the brush, the selected pair,
 * the keyboard's place. So a drag draws a few lines in each frame, however many pairs there are.
 */
export class ScatterPlot {
  readonly element = h('div', { class: 'scatter-plot', role: 'application', tabIndex: 0 });
  private readonly cloudCanvas = h('canvas', { aria: { hidden: 'true' } }) as HTMLCanvasElement;
  private readonly marksCanvas = h('canvas', { aria: { hidden: 'true' } }) as HTMLCanvasElement;
  private readonly brush = new Brush();
  private shown: PlottedCloud | null = null;
  private steps: PointSteps | null = null;
  /** The point or cell that the keyboard is on. */
  private current: number | null = null;
  private selected: { readonly x: number; readonly y: number } | null = null;
  private colours: Colours | null = null;
  private pointer: Point | null = null;
  /** Once in a frame, because a pointer moves more often. */
  private readonly hover = perFrame(() => {
    const { plane, pointer } = this;
    if (plane && pointer) this.point(plane, pointer);
  });
  private readonly drawMarks = perFrame(() => this.paintMarks());
  private readonly drawAll = perFrame(() => {
    this.paintCloud();
    this.paintMarks();
  });

  constructor(private readonly actions: PlotActions) {
    this.element.append(this.cloudCanvas, this.marksCanvas);
    this.element.addEventListener('pointerdown', (event) => event.button === 0 && this.press(event));
    this.element.addEventListener('pointermove', (event) => this.move(event));
    this.element.addEventListener('pointerup', (event) => this.release(event));
    this.element.addEventListener('pointercancel', () => (this.brush.cancel(), this.drawMarks()));
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('blur', () => this.drawMarks());
    this.element.addEventListener('focus', () => this.drawMarks());
    new ResizeObserver(this.drawAll).observe(this.element);
  }

  /** @param label what the plot shows, for screen readers */
  show(shown: PlottedCloud, label: string): void {
    const isSame = this.shown?.cloud === shown.cloud;
    // The cells of a grid fill the ranges that the host counted.
    this.shown = shown.cloud.kind === 'points' ? { ...shown, x: padded(shown.x), y: padded(shown.y) } : shown;
    if (!isSame) {
      this.current = null;
      this.steps = null;
    }
    this.element.setAttribute('aria-label', label);
    this.drawAll();
  }

  /** Rings the selected pair; null if it has not both numbers, or if none is selected. */
  select(place: { readonly x: number; readonly y: number } | null): void {
    this.selected = place;
    this.drawMarks();
  }

  /** Draws with the colours of another theme. */
  recolour(): void {
    this.colours = null;
    this.drawAll();
  }

  private get plane(): Plane | null {
    const { clientWidth: width, clientHeight: height } = this.element;
    return this.shown && width > 0 && height > 0 ? { x: this.shown.x, y: this.shown.y, width, height } : null;
  }

  private pen(canvas: HTMLCanvasElement, { width, height }: Plane): CanvasRenderingContext2D | null {
    const [w, t] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (canvas.width !== w || canvas.height !== t) Object.assign(canvas, { width: w, height: t });
    const pen = canvas.getContext('2d');
    pen?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    return pen;
  }

  private paintCloud(): void {
    const { plane, shown } = this;
    const pen = plane && this.pen(this.cloudCanvas, plane);
    if (plane && pen && shown) paintCloud(pen, plane, shown.cloud, shown.bad, (this.colours ??= canvasColours()));
  }

  private paintMarks(): void {
    const { plane } = this;
    const pen = plane && this.pen(this.marksCanvas, plane);
    if (!plane || !pen) return;
    const current = document.activeElement === this.element ? this.place(plane) : null;
    const marks = { brush: this.brush.box, selected: this.selected, current };
    paintMarks(pen, plane, marks, (this.colours ??= canvasColours()));
  }

  private place(plane: Plane): Box | { readonly x: number; readonly y: number } | null {
    const { shown, current } = this;
    if (!shown || current === null) return null;
    const { cloud } = shown;
    if (cloud.kind === 'density') return cellBox(plane, cloud, current);
    return { x: at(cloud.points.x, current), y: at(cloud.points.y, current) };
  }

  private pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  private press(event: PointerEvent): void {
    this.element.setPointerCapture(event.pointerId);
    this.brush.down(this.pointOf(event));
  }

  private move(event: PointerEvent): void {
    const { plane } = this;
    if (!plane) return;
    this.pointer = this.pointOf(event);
    if (!this.brush.isDown) return this.hover();
    this.brush.move(this.pointer, plane);
    this.drawMarks();
  }

  /** Says what is under the pointer. */
  private point(plane: Plane, point: Point): void {
    const cloud = this.shown?.cloud;
    if (!cloud || this.brush.isDown) return;
    if (cloud.kind === 'density') {
      this.element.title = this.textOf(this.cellAt(plane, cloud, point));
      return;
    }
    const found = nearestPoint(cloud.points, plane, point, reach);
    this.element.title = found === null ? '' : this.textOf(found);
    this.element.style.cursor = found === null ? '' : 'pointer';
  }

  private release(event: PointerEvent): void {
    const { plane, shown } = this;
    this.brush.move(this.pointOf(event), plane ?? { ...emptyPlane });
    const gesture = this.brush.up();
    this.drawMarks();
    if (!plane || !shown || !gesture) return;
    if (gesture.kind === 'drag') return this.actions.brush(areaOf(plane, gesture.from, gesture.to));
    const { cloud } = shown;
    const found =
      cloud.kind === 'points'
        ? nearestPoint(cloud.points, plane, gesture.at, reach)
        : this.cellAt(plane, cloud, gesture.at);
    if (found !== null) this.take(found);
  }

  private key(event: KeyboardEvent): void {
    const { shown } = this;
    if (!shown || event.ctrlKey || event.altKey || event.metaKey) return;
    const { cloud } = shown;
    if (event.key === 'Enter' && this.current !== null) {
      event.preventDefault();
      return this.take(this.current);
    }
    const next =
      cloud.kind === 'points'
        ? (this.steps ??= new PointSteps(cloud.points)).next(this.current, event.key)
        : nextCell(this.current, event.key, cloud);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.current = next;
    this.actions.say(this.textOf(next));
    this.drawMarks();
  }

  /** Chooses a point, or the pairs of a cell. */
  private take(place: number): void {
    const { shown } = this;
    if (!shown) return;
    this.current = place;
    if (shown.cloud.kind === 'points') return this.actions.choose(place);
    if (at(shown.cloud.counts, place) > 0) this.actions.brush(this.cellArea(place));
  }

  private textOf(place: number): string {
    const cloud = this.shown?.cloud;
    if (!cloud) return '';
    const shade = cloud.shade && at(cloud.shade.values, place);
    if (cloud.kind === 'density') return this.actions.cellText(this.cellArea(place), at(cloud.counts, place), shade);
    return this.actions.pointText(at(cloud.points.x, place), at(cloud.points.y, place), shade);
  }

  private cellAt(plane: Plane, { columns, rows }: { columns: number; rows: number }, point: Point): number {
    const share = (value: number, { low, high }: Range): number => (value - low) / (high - low);
    const cell = (part: number, count: number): number => Math.min(count - 1, Math.floor(part * count));
    const column = cell(share(fromX(plane, point.x), plane.x), columns);
    return cell(share(fromY(plane, point.y), plane.y), rows) * columns + column;
  }

  private cellArea(cell: number): Area {
    const { plane } = this;
    const cloud = this.shown?.cloud;
    if (!plane || cloud?.kind !== 'density') return { x: { low: 0, high: 0 }, y: { low: 0, high: 0 } };
    const box = cellBox(plane, cloud, cell);
    return areaOf(plane, box, { x: box.x + box.width, y: box.y + box.height });
  }
}

const emptyPlane: Plane = { x: { low: 0, high: 1 }, y: { low: 0, high: 1 }, width: 1, height: 1 };
