import { at } from '../base/pure/must';
import { axisOf, mismatch, sameShape } from './shapes';
import { integers, node, nodeLikeFirst, scalar, type Dim, type Tensor } from './tensor';

/* Ops that move elements and do not change them. */

/**
 * The elements of `x` in another shape.
 *
 * @param shape ONNX can copy the size of an axis (0) and infer one size (−1). So at most one axis may have a symbolic
 *   size that differs from the size of the same axis of `x`.
 * @throws MarginError `shape-mismatch`
 */
export function reshape(x: Tensor, shape: readonly Dim[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const target = shape.map((dim, i) => (typeof dim === 'number' ? dim : dim === x.shape[i] ? 0 : -1));
  if (target.filter((dim) => dim === -1).length > 1) throw mismatch('Reshape', x.shape, shape);
  return node('Reshape', [x, integers(target)], shape, {}, x.dtype);
}

/** Reorders axes: axis i of the result is axis `perm[i]` of `x`. */
export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  return node(
    'Transpose',
    [x],
    perm.map((axis) => at(x.shape, axis)),
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

/** Joins tensors along one axis. @param size the size of the result along that axis */
export function concat(parts: readonly Tensor[], axis: number, size: Dim): Tensor {
  const first = at(parts, 0);
  const joined = axisOf(axis, first.shape.length);
  return node(
    'Concat',
    parts,
    first.shape.map((dim, i) => (i === joined ? size : dim)),
    { axis: joined },
    first.dtype,
  );
}

/** `x[start:end]` along one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const cut = axisOf(axis, x.shape.length);
  const shape = x.shape.map((dim, i) => (i === cut ? end - start : dim));
  return node(
    'Slice',
    [x, integers([start]), integers([end]), integers([cut])],
    shape,
    { start, end, axis: cut },
    x.dtype,
  );
}

/**
 * Splits `x` in two along its last axis. Has no gradient rule.
 *
 * @param sizes [2] i64, the sizes of the parts, fed at run time
 * @param dims the same sizes as symbols
 */
export function splitLast(x: Tensor, sizes: Tensor, dims: readonly [Dim, Dim]): [Tensor, Tensor] {
  const shape = (dim: Dim): Dim[] => [...x.shape.slice(0, -1), dim];
  const first = node('Split', [x, sizes], shape(dims[0]), { axis: -1 });
  return [first, node('Output', [first], shape(dims[1]), { index: 1 })];
}

/** Adds zeros before and after `x` along one axis. The inverse of {@link slice}. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const rank = x.shape.length;
  const pads = Array.from({ length: 2 * rank }, (_, i) => (i === axis ? before : i === rank + axis ? after : 0));
  const shape = x.shape.map((dim, i) => (i === axis && typeof dim === 'number' ? dim + before + after : dim));
  return node('Pad', [x, integers(pads)], shape, {}, x.dtype);
}

/**
 * Rows of `x` by index.
 *
 * @param x [rows, ...]
 * @param index [n] or [n, 1] i64; with [n, 1] the gradient needs no reshape of integers
 * @returns [n, ...]
 */
export function gatherRows(x: Tensor, index: Tensor): Tensor {
  const found = node('Gather', [x, index], [...index.shape, ...x.shape.slice(1)], { axis: 0 }, x.dtype);
  return index.shape.length === 2 ? reshape(found, [at(index.shape, 0), ...x.shape.slice(1)]) : found;
}

/**
 * Rows of `x` by index, with an inverse: `result[inverse[r]] = x[r]`. The gradient is a gather with `inverse`, which is
 * cheaper than the scatter of {@link gatherRows}. `index` may repeat a row if nothing reads the repetition.
 *
 * @param x [rows, width]
 * @param index i64 of any shape
 * @param inverse [rows] i64, positions in the flattened `index`
 * @returns [...index.shape, width]
 */
export function permuteRows(x: Tensor, index: Tensor, inverse: Tensor): Tensor {
  return node('PermuteRows', [x, index, inverse], [...index.shape, ...x.shape.slice(1)], {}, x.dtype);
}

/** `x[i, index[i]]` for x [rows, columns] and index [rows, 1] i64. Returns [rows, 1]. */
export function pick(x: Tensor, index: Tensor): Tensor {
  return node('GatherElements', [x, index], index.shape, { axis: 1 }, x.dtype);
}

/** The sizes of `x` at run time, [rank] i64. */
export const shapeOf = (x: Tensor): Tensor => node('Shape', [x], [x.shape.length], {}, 'i64');

/** Zeros with the shape of `x`. */
export const zerosLike = (x: Tensor): Tensor => expandLike(scalar(0), x);

/** Broadcasts `x` to the shape of `like`. */
export const expandLike = (x: Tensor, like: Tensor): Tensor => node('Expand', [x, shapeOf(like)], like.shape);

/**
 * `zeros[index[i]] += rows[i]`: the gradient of {@link gatherRows}.
 *
 * @param like [rows, ...], gives the shape of the result
 * @param index [n] or [n, 1] i64
 * @param rows [n, ...]
 */
export function scatterRows(like: Tensor, index: Tensor, rows: Tensor): Tensor {
  const column =
    index.shape.length === 2 ? index : node('Unsqueeze', [index, integers([1])], [...index.shape, 1], {}, 'i64');
  const flat = reshape(rows, [at(index.shape, 0), ...like.shape.slice(1)]);
  return nodeLikeFirst('ScatterND', [zerosLike(like), column, flat], { reduction: 'add' });
}
