import type { SweepRow } from '../../src/protocol/sweep';

/** A range of an axis, from 0 to 1. */
export interface Brush {
  readonly low: number;
  readonly high: number;
}

/** A brush of an axis; null: all of it. */
export type Brushes = readonly (Brush | null)[];

/** A key moves or grows a brush by this share of its axis. */
const keyStep = 0.1;
/** The least share that a brush covers, so that it can be seen and hit. */
const least = 0.02;
/** A place at the edge of a brush is inside, whatever the rounding. */
const slack = 1e-6;

/** Whether a trial is inside all brushes. One without a place on a brushed axis is not. */
export function isInside({ places }: Pick<SweepRow, 'places'>, brushes: Brushes): boolean {
  return brushes.every((brush, i) => {
    if (brush === null) return true;
    const place = places[i];
    return place !== null && place !== undefined && place >= brush.low - slack && place <= brush.high + slack;
  });
}

/** The brush between two places of a drag; null if it hardly moved. */
export function dragged(from: number, to: number): Brush | null {
  const [low, high] = [Math.max(0, Math.min(from, to)), Math.min(1, Math.max(from, to))];
  return high - low < least ? null : { low, high };
}

/**
 * The brush after a key: the arrows choose the upper or lower half, then move it; with Shift they grow or shrink it;
 * Escape takes it back. `unchanged` for other keys.
 */
export function afterKey(brush: Brush | null, key: string, shift: boolean): Brush | null | 'unchanged' {
  if (key === 'Escape') return null;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return 'unchanged';
  const isUp = key === 'ArrowUp';
  if (brush === null) return isUp ? { low: 0.5, high: 1 } : { low: 0, high: 0.5 };
  const { low, high } = brush;
  if (shift) {
    const middle = (low + high) / 2;
    const half = (high - low) / 2 + (isUp ? keyStep : -keyStep) / 2;
    return { low: Math.max(0, middle - Math.max(half, least)), high: Math.min(1, middle + Math.max(half, least)) };
  }
  const move = isUp ? Math.min(keyStep, 1 - high) : -Math.min(keyStep, low);
  return { low: low + move, high: high + move };
}
