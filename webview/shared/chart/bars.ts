import type { Extremes } from './extremes';
import { pixelOf, type PixelScale, valueOf } from './kept';
import { indexAt } from './lines';

/**
 * What a line covers of each column of pixels: from the highest to the lowest place where it, with all its points and
 * the lines between them, is within the column. A line with more points than pixels is painted as these bars. So
 * nothing of it is lost, and a canvas without a graphics card paints upright bars far faster than a stroke that goes up
 * and down.
 */
export class Bars {
  /** The first column, in pixels. */
  first = 0;
  count = 0;
  /** Of each column the pixels of its upper and lower end; the upper one is larger if the line is not there. */
  top = new Float64Array(0);
  bottom = new Float64Array(0);
  /** Of the edges of the columns, from left to right, the index of the first point there or after. */
  private after = new Uint32Array(0);
  /** How far the edge is from the point before to that point, from 0 to 1; NaN if the line does not cross it. */
  private shares = new Float64Array(0);

  /** Finds the points of a line in the columns of a chart. */
  place(x: Float64Array, scale: PixelScale): void {
    this.first = Math.floor(scale.from);
    this.count = Math.ceil(scale.to) - this.first;
    if (this.after.length <= this.count) {
      this.after = new Uint32Array(this.count + 1);
      this.shares = new Float64Array(this.count + 1);
      this.top = new Float64Array(this.count);
      this.bottom = new Float64Array(this.count);
    }
    let before = 0;
    let found = 0;
    for (let column = 0; column <= this.count; column++) {
      const edge = valueOf(scale, this.first + column);
      const step = column < 2 ? 0 : found - before;
      before = found;
      this.after[column] = found = nextIndex(x, edge, before, step);
      this.shares[column] = found === 0 || found >= x.length ? Number.NaN : shareOf(x, found, scale, edge);
    }
  }

  /** Measures values of the line that was placed. */
  measure(y: Extremes, scale: PixelScale): void {
    const { after, shares, count, top, bottom } = this;
    const { values } = y;
    const slope = (scale.to - scale.from) / (scale.range[1] - scale.range[0]);
    const offset = scale.from - slope * scale.range[0];
    const heightOf = (value: number): number => (scale.log ? pixelOf(scale, value) : slope * value + offset);
    const crossing = (edge: number): number => {
      const next = after[edge] as number;
      const share = shares[edge] as number;
      // NaN: the line does not cross this edge.
      if (share !== share) return share;
      const from = heightOf(values[next - 1] as number);
      return from + share * (heightOf(values[next] as number) - from);
    };
    y.measure(after, count, bottom, top);
    let left = crossing(0);
    for (let column = 0; column < count; column++) {
      const right = crossing(column + 1);
      let high = heightOf(top[column] as number);
      let low = heightOf(bottom[column] as number);
      // NaN is neither less nor more.
      if (left < high) high = left;
      if (left > low) low = left;
      if (right < high) high = right;
      if (right > low) low = right;
      top[column] = high;
      bottom[column] = low;
      left = right;
    }
  }

  /** Makes the bars those of a line of a width in pixels: longer, and in the columns beside too. */
  widen(width: number): void {
    const { top, bottom, count } = this;
    for (let column = 0; column < count; column++) {
      top[column] = (top[column] as number) - width / 2;
      bottom[column] = (bottom[column] as number) + width / 2;
    }
    const more = Math.floor(width) - 1;
    for (let beside = 0; beside < more; beside++) this.spread(beside % 2 === 0);
  }

  /** Makes each bar cover that of the column before, or after. */
  private spread(isForward: boolean): void {
    const { top, bottom, count } = this;
    const [start, step] = isForward ? [count - 1, -1] : [0, 1];
    for (let i = 1, column = start; i < count; i++, column += step) {
      top[column] = Math.min(top[column] as number, top[column + step] as number);
      bottom[column] = Math.max(bottom[column] as number, bottom[column + step] as number);
    }
  }
}

/** The most points that {@link nextIndex} passes one by one. */
const walked = 4;

/** As {@link indexAt}. A column has about as many points as the one before, so it looks there first. */
function nextIndex(column: Float64Array, x: number, from: number, step: number): number {
  let guess = Math.min(column.length, from + step);
  for (let i = 0; i < walked && guess > from && (column[guess - 1] as number) >= x; i++) guess--;
  for (let i = 0; i < walked && guess < column.length && (column[guess] as number) < x; i++) guess++;
  const isFound =
    (guess === from || (column[guess - 1] as number) < x) &&
    (guess === column.length || (column[guess] as number) >= x);
  return isFound ? guess : indexAt(column, x, from);
}

/** How far `edge` is from the point before `after` to that point. On a logarithmic axis 0 is infinitely far away. */
function shareOf(x: Float64Array, after: number, { log }: PixelScale, edge: number): number {
  const [a, b] = [x[after - 1] as number, x[after] as number];
  if (!log) return (edge - a) / (b - a);
  return a > 0 ? Math.log(edge / a) / Math.log(b / a) : 1;
}
