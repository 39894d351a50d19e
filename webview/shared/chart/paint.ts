import { Bars } from './bars';
import { keptPoints, mostKept, pixelOf, type PixelScale } from './kept';
import type { Extremes } from './extremes';
import { indexAt, type Line } from './lines';
import { lastIndex } from './ranges';
import type { Mark } from './series';

/** A line with at most this many points shows them as dots, because a single point has no line. */
const fewPoints = 3;
/** Opacity of the logged values behind the smoothed line. */
const faint = 0.3;
/** Coordinates beyond the plot, in pixels: canvases draw lines with very large ones wrongly. */
const beyond = 20_000;

export interface Scales {
  readonly x: PixelScale;
  readonly y: PixelScale;
}

/** Lengths in device pixels. */
interface Pen {
  readonly width: number;
  readonly dash: readonly number[];
}

/** Draws lines on a canvas. One painter keeps its memory over all frames, so that a frame allocates nothing. */
export class Painter {
  private kept = new Uint32Array(0);
  private readonly bars = new Bars();

  /** @param text the colour of texts */
  constructor(
    readonly colourOf: (name: string) => string,
    private readonly text: string,
  ) {}

  /** @param ratio device pixels per pixel; scales are in device pixels */
  paint(ctx: CanvasRenderingContext2D, lines: readonly Line[], scales: Scales, ratio: number): void {
    const { x, y } = scales;
    const needed = mostKept(x.to - x.from);
    if (this.kept.length < needed) this.kept = new Uint32Array(needed);
    ctx.save();
    ctx.beginPath();
    ctx.rect(x.from - 3 * ratio, y.to - 3 * ratio, x.to - x.from + 6 * ratio, y.from - y.to + 6 * ratio);
    ctx.clip();
    for (const line of lines) {
      ctx.strokeStyle = ctx.fillStyle = this.colourOf(line.series.colour);
      const dash = (line.series.dash ?? []).map((part) => part * ratio);
      const points = indexAt(line.x, x.range[1]) - indexAt(line.x, x.range[0]);
      const isDense = points > x.to - x.from;
      if (isDense) this.bars.place(line.x, x);
      const draw = (values: Extremes, pen: Pen): void =>
        isDense ? this.upright(ctx, values, y, pen) : this.stroke(ctx, line.x, values, scales, pen);
      // A gap between dashes of a dense line would hide its points, so the faint line has none.
      const hasGaps = isDense && dash.length > 0;
      if (line.bold !== line.raw || hasGaps) {
        ctx.globalAlpha = faint;
        draw(line.raw, { width: ratio, dash: hasGaps ? [] : dash });
        ctx.globalAlpha = 1;
      }
      draw(line.bold, { width: 1.5 * ratio, dash });
      if (line.series.marked === true || line.x.length <= fewPoints) this.dots(ctx, line, scales, 2.5 * ratio);
      this.notFinite(ctx, line, scales, 3 * ratio);
    }
    ctx.restore();
  }

  /** Dotted lines from top to bottom. */
  marks(ctx: CanvasRenderingContext2D, marks: readonly Mark[], { x, y }: Scales, ratio: number): void {
    ctx.save();
    ctx.strokeStyle = this.text;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    for (const { x: value } of marks) {
      if (value < x.range[0] || value > x.range[1]) continue;
      const left = pixelOf(x, value);
      ctx.moveTo(left, y.to);
      ctx.lineTo(left, y.from);
    }
    ctx.stroke();
    ctx.restore();
  }

  /** The line that was placed, as a bar in each column of pixels. */
  private upright(ctx: CanvasRenderingContext2D, y: Extremes, up: PixelScale, { width, dash }: Pen): void {
    const { bars } = this;
    bars.measure(y, up);
    bars.widen(width);
    const { first, count, top, bottom } = bars;
    const period = dash.reduce((sum, part) => sum + part, 0);
    ctx.setLineDash([]);
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let column = 0; column < count; column++) {
      const high = top[column] as number;
      const low = bottom[column] as number;
      if (high > low || (period > 0 && !isInk(dash, column % period))) continue;
      ctx.moveTo(first + column + 0.5, bounded(high));
      ctx.lineTo(first + column + 0.5, bounded(low));
    }
    ctx.stroke();
  }

  private stroke(
    ctx: CanvasRenderingContext2D,
    x: Float64Array,
    y: Extremes,
    { x: across, y: up }: Scales,
    { width, dash }: Pen,
  ): void {
    ctx.setLineDash(dash);
    ctx.lineWidth = width;
    const { kept } = this;
    const count = keptPoints(x, y, across, kept);
    // Round joins take as long as the rest, and no one sees them between points that are a few pixels apart.
    ctx.lineJoin = 4 * count > across.to - across.from ? 'bevel' : 'round';
    const { values } = y;
    // A frame has up to a hundred thousand of these points, so the usual, linear scales are two products.
    const [slopeX, startX] = linear(across);
    const [slopeY, startY] = linear(up);
    ctx.beginPath();
    for (let i = 0; i < count; i++) {
      const index = kept[i] as number;
      const at = x[index] as number;
      const value = values[index] as number;
      const left = across.log ? pixelOf(across, at) : slopeX * at + startX;
      const top = up.log ? pixelOf(up, value) : slopeY * value + startY;
      ctx.lineTo(bounded(left), bounded(top));
    }
    ctx.stroke();
  }

  private dots(ctx: CanvasRenderingContext2D, { x, bold }: Line, scales: Scales, radius: number): void {
    const count = keptPoints(x, bold, scales.x, this.kept);
    ctx.beginPath();
    for (let i = 0; i < count; i++) {
      const index = this.kept[i] as number;
      const left = bounded(pixelOf(scales.x, x[index] as number));
      const top = bounded(pixelOf(scales.y, bold.values[index] as number));
      ctx.moveTo(left + radius, top);
      ctx.arc(left, top, radius, 0, 2 * Math.PI);
    }
    ctx.fill();
  }

  /** Triangles at the edges for infinite values, crosses at the lower edge for NaN. One a pixel is enough. */
  private notFinite(ctx: CanvasRenderingContext2D, line: Line, { x, y }: Scales, size: number): void {
    ctx.setLineDash([]);
    each(line.above, x, (left) => triangle(ctx, left, y.to, size));
    each(line.below, x, (left) => triangle(ctx, left, y.from, -size));
    each(line.notNumbers, x, (left) => cross(ctx, left, y.from - size, size));
  }
}

/** Whether a dash pattern draws at a place of its period. */
function isInk(dash: readonly number[], at: number): boolean {
  let end = 0;
  return dash.findIndex((part) => at < (end += part)) % 2 === 0;
}

/** Slope and start of a linear scale. */
function linear({ range: [low, high], from, to }: PixelScale): readonly [slope: number, start: number] {
  const slope = (to - from) / (high - low);
  return [slope, from - slope * low];
}

function each(column: Float64Array, scale: PixelScale, draw: (left: number) => void): void {
  let shown = -Infinity;
  for (let i = indexAt(column, scale.range[0]); i < lastIndex(column, scale.range[1]); i++) {
    const left = Math.round(pixelOf(scale, column[i] as number));
    if (left > shown) draw(left);
    shown = Math.max(shown, left);
  }
}

function triangle(ctx: CanvasRenderingContext2D, left: number, edge: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(left, edge);
  ctx.lineTo(left - size, edge + 2 * size);
  ctx.lineTo(left + size, edge + 2 * size);
  ctx.fill();
}

function cross(ctx: CanvasRenderingContext2D, left: number, top: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(left - size, top - size);
  ctx.lineTo(left + size, top + size);
  ctx.moveTo(left - size, top + size);
  ctx.lineTo(left + size, top - size);
  ctx.stroke();
}

/** Also puts the infinity that a logarithmic axis gives for 0 below the plot. */
const bounded = (pixel: number): number =>
  pixel > beyond ? beyond : pixel < -beyond ? -beyond : Number.isNaN(pixel) ? beyond : pixel;
