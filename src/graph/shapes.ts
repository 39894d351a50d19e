import { MarginError } from '../base/pure/marginError';
import type { Dim } from './tensor';

/**
 * NumPy's broadcasting over symbolic sizes: equal names are equal sizes, 1 stretches.
 * @throws MarginError `shape-mismatch`
 */
export function broadcast(op: string, a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw mismatch(op, a, b);
  });
}

export function mismatch(op: string, ...shapes: (readonly Dim[])[]): MarginError {
  const text = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
  return new MarginError('shape-mismatch', `${op}: shapes ${text} do not fit together`, { op, shapes });
}

/** Axis counted from the front. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

export function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Whether a tensor's matrices compare places with places: both their sizes are fed at run time and not the model's. */
export function isSquare(shape: readonly Dim[]): boolean {
  return shape.length > 1 && shape.slice(-2).every((dim) => typeof dim === 'string');
}
