import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import type { Dim } from './tensor';

/**
 * NumPy's broadcasting over symbolic sizes: equal names are equal sizes, and size 1 stretches to any other. The shorter
 * shape counts as having axes of size 1 in front.
 *
 * @throws MarginError `shape-mismatch`
 */
export function broadcast(op: string, a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  const padded = (shape: readonly Dim[]): Dim[] => [...new Array<Dim>(rank - shape.length).fill(1), ...shape];
  const right = padded(b);
  return padded(a).map((left, axis) => {
    const other = at(right, axis);
    if (left === other || other === 1) return left;
    if (left === 1) return other;
    throw mismatch(op, a, b);
  });
}

/** The error for shapes that an op cannot combine. */
export function mismatch(op: string, ...shapes: (readonly Dim[])[]): MarginError {
  const text = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
  return new MarginError('shape-mismatch', `${op}: shapes ${text} do not fit together`, { op, shapes });
}

/** An axis counted from the front; a negative one counts from the end. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Whether two shapes have the same sizes and names of sizes, axis by axis. */
export function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/**
 * Whether a tensor holds a number for each pair of tokens, as attention scores [groups, kvHeads, heads, width, width]
 * do: both last sizes are fed at run time, so neither is a size of the model.
 */
export function isTokenByToken(shape: readonly Dim[]): boolean {
  return shape.length > 1 && shape.slice(-2).every((dim) => typeof dim === 'string');
}
