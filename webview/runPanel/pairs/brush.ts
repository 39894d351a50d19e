import { around, type Plane, type Point, plotSize } from './plane';

/** A press that moves less than this many CSS pixels is a click. */
const leastDrag = 4;

/** What a pointer did: it chose a place, or dragged from one corner to another. */
export type Gesture =
  { readonly kind: 'click'; readonly at: Point } | { readonly kind: 'drag'; readonly from: Point; readonly to: Point };

/** A pointer that draws a rectangle over a plot. It knows no elements. */
export class Brush {
  private start: Point | null = null;
  private end: Point | null = null;

  /** The rectangle that is drawn now; null if none is, or if the pointer has hardly moved. */
  get box(): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null {
    const { start, end } = this;
    if (!start || !end || !isDrag(start, end)) return null;
    return {
      x: Math.min(start.x, end.x),
      y: Math.min(start.y, end.y),
      width: Math.abs(end.x - start.x),
      height: Math.abs(end.y - start.y),
    };
  }

  get isDown(): boolean {
    return this.start !== null;
  }

  down(at: Point): void {
    this.start = at;
    this.end = at;
  }

  /** @param plane the plot, within which the rectangle stays */
  move(at: Point, plane: Plane): void {
    if (this.start) this.end = inside(at, plane);
  }

  /** @returns null if the pointer was not down */
  up(): Gesture | null {
    const { start, end } = this;
    this.cancel();
    if (!start || !end) return null;
    return isDrag(start, end) ? { kind: 'drag', from: start, to: end } : { kind: 'click', at: start };
  }

  cancel(): void {
    this.start = null;
    this.end = null;
  }
}

function isDrag(start: Point, end: Point): boolean {
  return Math.abs(end.x - start.x) >= leastDrag || Math.abs(end.y - start.y) >= leastDrag;
}

function inside({ x, y }: Point, plane: Plane): Point {
  const { width, height } = plotSize(plane);
  return {
    x: Math.min(around.left + width, Math.max(around.left, x)),
    y: Math.min(around.top + height, Math.max(around.top, y)),
  };
}
