import { at } from '../base/pure/must';
import type { OpOfShape } from './ops';
import { axisOf, broadcast, mismatch, sameShape } from './shapes';
import { integers, knownSize, node, nodeLikeFirst, type Dim, type Tensor } from './tensor';

/* Products, sums, and layers that have a kernel of their own. */

export interface GemmOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly alpha?: number;
  /** Added to the product; has its shape or broadcasts to it. Cheaper than a separate Add. */
  readonly plus?: Tensor;
}

/**
 * alpha·op(a)·op(b) + plus, where op transposes if asked to. A linear layer is `gemm(x, weight, { transB: true })` with
 * x [tokens, in] and weight [out, in].
 *
 * @param a [rows, inner]; [inner, rows] with `transA`
 * @param b [inner, columns]; [columns, inner] with `transB`
 * @returns [rows, columns]
 * @throws MarginError `shape-mismatch`
 */
export function gemm(
  a: Tensor,
  b: Tensor,
  { transA = false, transB = false, alpha = 1, plus }: GemmOptions = {},
): Tensor {
  const [rows, inner] = transA ? [a.shape[1], a.shape[0]] : a.shape;
  const [innerB, columns] = transB ? [b.shape[1], b.shape[0]] : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== innerB) throw mismatch('Gemm', a.shape, b.shape);
  const attributes = { transA: Number(transA), transB: Number(transB), alpha };
  const shape = [rows as Dim, columns as Dim];
  if (plus && !sameShape(broadcast('Gemm', plus.shape, shape), shape)) throw mismatch('Gemm', plus.shape, shape);
  return node('Gemm', plus ? [a, b, plus] : [a, b], shape, attributes);
}

/**
 * x·Wᵀ for a matrix W [out, inner] of 8-bit integers. The kernel rounds x to 8 bits as well. Has no gradient rule.
 *
 * @param x [tokens, inner]
 * @param q [out, blocks, block], u8 with 128 for zero; inner = blocks·block
 * @param scale [out·blocks], f32; W = (q − 128)·scale
 * @returns [tokens, out]
 */
export function int8Product(x: Tensor, q: Tensor, scale: Tensor): Tensor {
  const [out, blocks, block] = [knownSize(q, 0), knownSize(q, 1), knownSize(q, 2)];
  return node('MatMulNBits', [x, q, scale], [at(x.shape, 0), out], {
    N: out,
    K: blocks * block,
    bits: 8,
    block_size: block,
    accuracy_level: 4,
  });
}

/**
 * Matrix product over the last two axes: [..., rows, inner]·[..., inner, columns]. The axes in front broadcast.
 *
 * @throws MarginError `shape-mismatch`
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.at(-1) !== b.shape.at(-2)) throw mismatch('MatMul', a.shape, b.shape);
  const batch = broadcast('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return node('MatMul', [a, b], [...batch, a.shape.at(-2) as Dim, b.shape.at(-1) as Dim]);
}

type Reduction = Extract<OpOfShape<'given'>, `Reduce${string}`>;

function reduce(op: Reduction, x: Tensor, axes: readonly number[], keep: boolean): Tensor {
  const reduced = axes.map((axis) => axisOf(axis, x.shape.length));
  const shape = keep
    ? x.shape.map((dim, axis) => (reduced.includes(axis) ? 1 : dim))
    : x.shape.filter((_, axis) => !reduced.includes(axis));
  return node(op, [x, integers(reduced)], shape, { keepdims: Number(keep) });
}

const allAxes = (x: Tensor): number[] => x.shape.map((_, axis) => axis);

/** The sum over `axes`, all if left out. The axes are dropped, or kept with size 1 if `keep`. */
export const reduceSum = (x: Tensor, axes = allAxes(x), keep = false): Tensor => reduce('ReduceSum', x, axes, keep);
/** The mean over `axes`; see {@link reduceSum}. */
export const reduceMean = (x: Tensor, axes = allAxes(x), keep = false): Tensor => reduce('ReduceMean', x, axes, keep);
/** The largest element over `axes`; see {@link reduceSum}. Has no gradient rule. */
export const reduceMax = (x: Tensor, axes: readonly number[], keep = false): Tensor =>
  reduce('ReduceMax', x, axes, keep);

/** Softmax over the last axis. */
export const softmax = (x: Tensor): Tensor => nodeLikeFirst('Softmax', [x], { axis: -1 });

/**
 * x / sqrt(mean(x²) + eps) · gain over the last axis (Zhang & Sennrich 2019, arXiv:1910.07467).
 *
 * @param x [..., width]
 * @param gain [width]
 */
export function rmsNorm(x: Tensor, gain: Tensor, eps: number): Tensor {
  return nodeLikeFirst('SimplifiedLayerNormalization', [x, gain], { axis: -1, epsilon: eps, stash_type: 1 });
}

/**
 * (x − mean(x)) / sqrt(var(x) + eps) · gain + bias over the last axis (Ba et al. 2016, arXiv:1607.06450).
 *
 * @param x [..., width]
 * @param gain [width]
 * @param bias [width]
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, eps: number): Tensor {
  return nodeLikeFirst('LayerNormalization', [x, gain, bias], { axis: -1, epsilon: eps, stash_type: 1 });
}

/** A further output of {@link layerNorm}, [..., 1]: 1 is the mean, 2 is 1 / the standard deviation. */
export function normOutput(norm: Tensor, index: 1 | 2): Tensor {
  return node('Output', [norm], [...norm.shape.slice(0, -1), 1], { index });
}

/** Cosines and sines of the rotation angles, [tokens, rotated dimensions / 2] each. */
export interface RotaryTables {
  readonly cos: Tensor;
  readonly sin: Tensor;
  /** Rotates back; the gradient rule uses it. */
  readonly negativeSin: Tensor;
}

/** Rotates the first `dims` dimensions of each head only. */
export interface PartialRotary {
  readonly heads: number;
  readonly dims: number;
}

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864) in the half-split order of `transformers`. The kernel
 * looks token t up in row t of the tables, so the tables hold the batch's tokens and not every position of the model.
 *
 * @param x [1, tokens, heads·headDim]
 */
export function rotary(x: Tensor, { cos, sin, negativeSin }: RotaryTables, partial?: PartialRotary): Tensor {
  const attributes = partial ? { num_heads: partial.heads, rotary_embedding_dim: partial.dims } : {};
  return nodeLikeFirst('RotaryEmbedding', [x, integers([0]), cos, sin, negativeSin], { ...attributes });
}

/** `x`, with no gradient flowing back through it. */
export const detach = (x: Tensor): Tensor => nodeLikeFirst('Detach', [x]);

/**
 * `value` with a gradient that the forward pass already knows: the gradient of `x` is `localGradient` times the
 * incoming gradient. No gradient flows into `value` itself. For results whose derivative is cheapest to compute in the
 * forward pass.
 *
 * @param value [rows, 1]
 * @param x [rows, width]
 * @param localGradient [rows, width], d value / d x
 */
export function withLocalGradient(value: Tensor, x: Tensor, localGradient: Tensor): Tensor {
  return nodeLikeFirst('WithLocalGradient', [value, x, localGradient]);
}
