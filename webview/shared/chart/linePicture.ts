import { at } from '../../../src/base/pure/must';
import { indexAt, type Line } from './lines';
import { pixelOf, type PixelScale } from './kept';
import type { Painter, Scales } from './paint';
import type { SlicedWork, Slices } from './slices';

/** Lines with at most so many points or columns of pixels are painted at once. */
const fewPoints = 4000;

export interface Wanted {
  readonly lines: readonly Line[];
  /** In pixels of the canvas. */
  readonly scales: Scales;
  /** Pixels of the canvas per pixel of the page. */
  readonly ratio: number;
}

interface Sized extends Wanted {
  readonly width: number;
  readonly height: number;
}

interface Painted extends Sized {
  readonly canvas: HTMLCanvasElement;
  /** The lines before this one are painted. */
  next: number;
}

/**
 * The lines of a chart, painted a few in each frame if they are many. Until the picture is there, the last one is shown
 * in its place, moved and scaled to the new axes. A picture that was begun is finished before the next one, so that a
 * long zoom shows all lines.
 */
export class LinePicture implements SlicedWork {
  private shown: Painted | null = null;
  private begun: Painted | null = null;
  private wanted: Sized | null = null;
  /** Whether there is more to see than the chart shows. */
  private isNews = false;
  private readonly probe = document.createElement('canvas').getContext('2d');
  /** Taken for the next picture. */
  private spare: HTMLCanvasElement | null = null;

  /** @param redraw paints the chart again, by `paint` */
  constructor(
    private readonly painter: Painter,
    private readonly slices: Slices,
    private readonly redraw: () => void,
  ) {}

  /** Whether the lines are on the canvas as they were wanted. */
  get isExact(): boolean {
    return this.begun === null;
  }

  paint(ctx: CanvasRenderingContext2D, wanted: Wanted): void {
    const { width, height } = ctx.canvas;
    this.wanted = { ...wanted, width, height };
    if (costOf(wanted) <= fewPoints) {
      this.forget();
      this.painter.paint(ctx, wanted.lines, wanted.scales, wanted.ratio);
      return;
    }
    if (this.begun === null && !isOf(this.shown, wanted)) {
      this.begun = this.begin(this.wanted);
      this.slices.start(this);
    }
    const painted = this.shown ?? this.begun;
    if (painted) place(ctx, painted, wanted);
  }

  part(): boolean {
    const { begun, wanted } = this;
    if (begun === null || wanted === null) return false;
    const context = begun.canvas.getContext('2d');
    if (context) this.painter.paint(context, [at(begun.lines, begun.next)], begun.scales, begun.ratio);
    // Without a graphics card a canvas paints when its picture is taken. Taking a pixel of it makes that part of this
    // part's time.
    this.probe?.drawImage(begun.canvas, 0, 0, 1, 1, 0, 0, 1, 1);
    begun.next++;
    // While the last picture is in its place, a part of the next one is not seen.
    this.isNews ||= this.shown === null || begun.next === begun.lines.length;
    if (begun.next < begun.lines.length) return true;
    this.spare = this.shown?.canvas ?? null;
    this.shown = begun;
    this.begun = isOf(begun, wanted) ? null : this.begin(wanted);
    return this.begun !== null;
  }

  show(): void {
    if (this.isNews) this.redraw();
    this.isNews = false;
  }

  /** Paints the rest at once. */
  finish(): void {
    while (this.part());
    this.slices.stop(this);
  }

  /** Drops what is not shown yet, and the last picture. */
  forget(): void {
    this.slices.stop(this);
    this.shown = this.begun = this.spare = null;
  }

  private begin(wanted: Sized): Painted {
    const canvas = this.spare ?? document.createElement('canvas');
    this.spare = null;
    // This also clears it.
    canvas.width = wanted.width;
    canvas.height = wanted.height;
    return { ...wanted, canvas, next: 0 };
  }
}

/** The points and columns of pixels that are painted. */
function costOf({ lines, scales: { x } }: Wanted): number {
  const cost = (line: Line): number =>
    Math.min(x.to - x.from, indexAt(line.x, x.range[1]) - indexAt(line.x, x.range[0])) *
    (line.bold === line.raw ? 1 : 2);
  return lines.reduce((sum, line) => sum + cost(line), 0);
}

function isOf(painted: Painted | null, { lines, scales }: Wanted): boolean {
  if (painted === null || painted.lines.length !== lines.length) return false;
  return (
    painted.lines.every((line, i) => line === lines[i]) &&
    isSame(painted.scales.x, scales.x) &&
    isSame(painted.scales.y, scales.y)
  );
}

const isSame = (a: PixelScale, b: PixelScale): boolean =>
  a.range[0] === b.range[0] && a.range[1] === b.range[1] && a.log === b.log && a.from === b.from && a.to === b.to;

/** Draws a picture where its points are on other axes. */
function place(ctx: CanvasRenderingContext2D, painted: Painted, wanted: Wanted): void {
  const { canvas, scales } = painted;
  if (isOf(painted, wanted)) return ctx.drawImage(canvas, 0, 0);
  const { x, y } = wanted.scales;
  if (x.log !== scales.x.log || y.log !== scales.y.log) return;
  const [left, right] = x.range.map((end) => pixelOf(scales.x, end)) as [number, number];
  const [bottom, top] = y.range.map((end) => pixelOf(scales.y, end)) as [number, number];
  // Its canvas has margins and nothing beyond them, so the place beside the last picture stays empty.
  if (![left, right, top, bottom].every(Number.isFinite)) return;
  ctx.drawImage(canvas, left, top, right - left, bottom - top, x.from, y.to, x.to - x.from, y.from - y.to);
}
