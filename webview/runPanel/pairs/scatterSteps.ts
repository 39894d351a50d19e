import { at } from '../../../src/base/pure/must';
import { type Plane, type Point, toX, toY } from './plane';

/** Points of a scatter: the numbers on both axes. A point without one of them is NaN there, and not drawn. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The place of the point nearest to a pixel; null if none is within `reach` CSS pixels. */
export function nearestPoint({ x, y }: Points, plane: Plane, { x: px, y: py }: Point, reach: number): number | null {
  let found: number | null = null;
  let least = reach ** 2;
  for (let i = 0; i < x.length; i++) {
    const distance = (toX(plane, at(x, i)) - px) ** 2 + (toY(plane, at(y, i)) - py) ** 2;
    if (distance > least || Number.isNaN(distance)) continue;
    least = distance;
    found = i;
  }
  return found;
}

/**
 * Leads from point to point: left and right in the order of x, up and down in the order of y, Home and End to the
 * leftmost and the rightmost point.
 */
export class PointSteps {
  private readonly byX: Int32Array;
  private readonly byY: Int32Array;
  private readonly placeX: Int32Array;
  private readonly placeY: Int32Array;

  constructor(points: Points) {
    this.byX = orderOf(points.x, points.y);
    this.byY = orderOf(points.y, points.x);
    this.placeX = placesOf(this.byX, points.x.length);
    this.placeY = placesOf(this.byY, points.x.length);
  }

  /** @returns the point that a key leads to, null for another key, and if there are no points */
  next(current: number | null, key: string): number | null {
    const last = this.byX.length - 1;
    if (last < 0) return null;
    if (key === 'Home') return at(this.byX, 0);
    if (key === 'End') return at(this.byX, last);
    const move = moves[key];
    if (!move) return null;
    const [order, places] = move.across ? [this.byX, this.placeX] : [this.byY, this.placeY];
    if (current === null) return at(order, move.by > 0 ? 0 : last);
    return at(order, Math.min(last, Math.max(0, at(places, current) + move.by)));
  }
}

const moves: Readonly<Record<string, { readonly across: boolean; readonly by: 1 | -1 }>> = {
  ArrowRight: { across: true, by: 1 },
  ArrowLeft: { across: true, by: -1 },
  ArrowUp: { across: false, by: 1 },
  ArrowDown: { across: false, by: -1 },
};

/** The cell that a key leads to in a grid that is drawn from the lower left; null for another key. */
export function nextCell(
  current: number | null,
  key: string,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): number | null {
  const move = moves[key];
  if (key === 'Home') return 0;
  if (key === 'End') return columns * rows - 1;
  if (!move) return null;
  if (current === null) return 0;
  const [column, row] = [current % columns, Math.floor(current / columns)];
  const step = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value + move.by));
  return move.across ? row * columns + step(column, columns) : step(row, rows) * columns + column;
}

/** Places of points that have both numbers, by one number, then by the other. */
function orderOf(values: Float64Array, others: Float64Array): Int32Array {
  const known = Int32Array.from(values.keys()).filter(
    (i) => Number.isFinite(at(values, i)) && Number.isFinite(at(others, i)),
  );
  return known.sort((a, b) => at(values, a) - at(values, b) || at(others, a) - at(others, b) || a - b);
}

function placesOf(order: Int32Array, count: number): Int32Array {
  const places = new Int32Array(count);
  order.forEach((point, place) => (places[point] = place));
  return places;
}
