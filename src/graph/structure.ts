import { axisOf, mismatch, sameShape } from './shapes';
import { integers, node, scalar, type Dim, type Tensor } from './tensor';

/* Ops that move data and do not change it. */

/**
 * @param shape the new sizes; at most one symbolic size may stand where `x` has another at the same place, because ONNX
 *   can copy a size (0) and infer one (−1).
 */
export function reshape(x: Tensor, shape: readonly Dim[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const target = shape.map((dim, i) => (typeof dim === 'number' ? dim : dim === x.shape[i] ? 0 : -1));
  if (target.filter((dim) => dim === -1).length > 1) throw mismatch('Reshape', x.shape, shape);
  return node('Reshape', [x, integers(target)], shape, {}, x.dtype);
}

export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  return node(
    'Transpose',
    [x],
    perm.map((axis) => x.shape[axis] ?? 1),
    { perm },
    x.dtype,
  );
}

/** Swaps the last two axes. */
export function transposeLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, i) => i);
  const rank = axes.length;
  return transpose(x, [...axes.slice(0, rank - 2), rank - 1, rank - 2]);
}

/** @param size the joined size along `axis` */
export function concat(parts: readonly Tensor[], axis: number, size: Dim): Tensor {
  const first = parts[0];
  if (!first) throw mismatch('Concat');
  const place = axisOf(axis, first.shape.length);
  return node(
    'Concat',
    parts,
    first.shape.map((dim, i) => (i === place ? size : dim)),
    { axis: place },
    first.dtype,
  );
}

/** `x[start:end]` along an axis whose size is known. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const place = axisOf(axis, x.shape.length);
  const shape = x.shape.map((dim, i) => (i === place ? end - start : dim));
  return node(
    'Slice',
    [x, integers([start]), integers([end]), integers([place])],
    shape,
    { start, end, axis: place },
    x.dtype,
  );
}

/**
 * `x` cut in two along its last axis; `sizes` ([2], i64) says where, `dims` name the parts. Without a gradient rule.
 */
export function splitLast(x: Tensor, sizes: Tensor, dims: readonly [Dim, Dim]): [Tensor, Tensor] {
  const shape = (dim: Dim): Dim[] => [...x.shape.slice(0, -1), dim];
  const first = node('Split', [x, sizes], shape(dims[0]), { axis: -1 });
  return [first, node('Output', [first], shape(dims[1]), { index: 1 })];
}

/** Zeros before and after along one axis: the inverse of {@link slice}. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const rank = x.shape.length;
  const pads = Array.from({ length: 2 * rank }, (_, i) => (i === axis ? before : i === rank + axis ? after : 0));
  const shape = x.shape.map((dim, i) => (i === axis && typeof dim === 'number' ? dim + before + after : dim));
  return node('Pad', [x, integers(pads)], shape, {}, x.dtype);
}

/**
 * Rows of `x` ([rows, …]) by index, [n] or [n, 1]: the latter spares the gradient a reshape of integers. Returns [n,
 * …].
 */
export function gatherRows(x: Tensor, index: Tensor): Tensor {
  const found = node('Gather', [x, index], [...index.shape, ...x.shape.slice(1)], { axis: 0 }, x.dtype);
  return index.shape.length === 2 ? reshape(found, [index.shape[0] ?? 1, ...x.shape.slice(1)]) : found;
}

/**
 * Rows of `x` ([rows, width]) by index, where `inverse` finds each row again: `result[inverse[r]] = x[r]`. A row may be
 * repeated if nothing that is read back depends on the repetition; then the gradient is the gather with `inverse`, and
 * no scatter is needed.
 */
export function permuteRows(x: Tensor, index: Tensor, inverse: Tensor): Tensor {
  return node('PermuteRows', [x, index, inverse], [...index.shape, ...x.shape.slice(1)], {}, x.dtype);
}

/** `x[i, index[i]]` for x [rows, columns], index [rows, 1]. */
export function pick(x: Tensor, index: Tensor): Tensor {
  return node('GatherElements', [x, index], index.shape, { axis: 1 }, x.dtype);
}

export const shapeOf = (x: Tensor): Tensor => node('Shape', [x], [x.shape.length], {}, 'i64');

/** Zeros of the shape of `x`. */
export const zerosLike = (x: Tensor): Tensor => expandLike(scalar(0), x);

/** Stretches `x` to the shape of `like`, as broadcasting would. */
export const expandLike = (x: Tensor, like: Tensor): Tensor => node('Expand', [x, shapeOf(like)], like.shape);

/** `zeros[index[i]] += rows[i]`, of the shape of `like`; index is [n] or [n, 1]. */
export function scatterRows(like: Tensor, index: Tensor, rows: Tensor): Tensor {
  const places =
    index.shape.length === 2 ? index : node('Unsqueeze', [index, integers([1])], [...index.shape, 1], {}, 'i64');
  const flat = reshape(rows, [index.shape[0] ?? 1, ...like.shape.slice(1)]);
  return node('ScatterND', [zerosLike(like), places, flat], like.shape, { reduction: 'add' });
}
