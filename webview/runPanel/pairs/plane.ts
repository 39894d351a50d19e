/** Two numbers, low ≤ high. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A chart with two axes of numbers. Sizes are CSS pixels, counted from the upper left corner; y grows upwards. */
export interface Plane {
  readonly x: Range;
  readonly y: Range;
  readonly width: number;
  readonly height: number;
}

/** A rectangle of numbers. */
export interface Area {
  readonly x: Range;
  readonly y: Range;
}

/** CSS pixels around the plot for the labels of the axes. */
export const around = { left: 40, right: 8, top: 6, bottom: 18 } as const;
/** Free space at both ends of an axis, as a share of its range. */
const spare = 0.03;

/** A range with some space at both ends, so that no point lies on the edge. A single value gets a range around it. */
export function padded({ low, high }: Range): Range {
  const space = high > low ? (high - low) * spare : Math.max(1, Math.abs(low)) / 2;
  return { low: low - space, high: high + space };
}

/** Pixels of the plot without the labels, at least 1. */
export function plotSize({ width, height }: Pick<Plane, 'width' | 'height'>): { width: number; height: number } {
  return {
    width: Math.max(1, width - around.left - around.right),
    height: Math.max(1, height - around.top - around.bottom),
  };
}

/** The pixel of a number on the horizontal axis. */
export function toX(plane: Plane, value: number): number {
  return around.left + ((value - plane.x.low) / extent(plane.x)) * plotSize(plane).width;
}

/** The pixel of a number on the vertical axis. */
export function toY(plane: Plane, value: number): number {
  const { height } = plotSize(plane);
  return around.top + height - ((value - plane.y.low) / extent(plane.y)) * height;
}

/** The number under a pixel, within the range of the axis. */
export function fromX(plane: Plane, pixel: number): number {
  return within(plane.x, plane.x.low + ((pixel - around.left) / plotSize(plane).width) * extent(plane.x));
}

/** The number under a pixel, within the range of the axis. */
export function fromY(plane: Plane, pixel: number): number {
  const { height } = plotSize(plane);
  return within(plane.y, plane.y.low + ((around.top + height - pixel) / height) * extent(plane.y));
}

/** The numbers of the rectangle between two points in pixels, rounded to what a pixel can tell. */
export function areaOf(plane: Plane, a: Point, b: Point): Area {
  const { width, height } = plotSize(plane);
  return {
    x: rounded(fromX(plane, Math.min(a.x, b.x)), fromX(plane, Math.max(a.x, b.x)), extent(plane.x) / width),
    y: rounded(fromY(plane, Math.max(a.y, b.y)), fromY(plane, Math.min(a.y, b.y)), extent(plane.y) / height),
  };
}

/** A place in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The power of ten below a distance: 0.01 for 0.034. */
const powerBelow = (distance: number): number => Math.floor(Math.log10(distance));

/** A range with no more decimals than a step of this size needs. */
export function rounded(low: number, high: number, step: number): Range {
  const decimals = Math.min(9, Math.max(0, -powerBelow(step)));
  return { low: Number(low.toFixed(decimals)), high: Number(high.toFixed(decimals)) };
}

/** Round numbers within a range, about `count`, with their distance: 1, 2 or 5 times a power of ten. */
export function niceTicks({ low, high }: Range, count: number): { readonly ticks: number[]; readonly step: number } {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** powerBelow(rough);
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => (first + i) * step);
  return { ticks, step };
}

function extent({ low, high }: Range): number {
  return high - low || 1;
}

function within({ low, high }: Range, value: number): number {
  return Math.min(high, Math.max(low, value));
}
