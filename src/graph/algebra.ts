import { axisOf, broadcast, mismatch, sameShape } from './shapes';
import { integers, known, node, type Dim, type Tensor } from './tensor';

/* Products, sums, and the layers that have a kernel of their own. */

export interface GemmOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly alpha?: number;
  /** Added to the product; of its shape, or stretched to it. Cheaper than an Add of its own. */
  readonly plus?: Tensor;
}

/**
 * alpha·op(a)·op(b) + plus of two matrices. A linear layer with weight [out, in] is `gemm(x, weight, { transB: true
 * })`.
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
 * x·Wᵀ of a matrix in whole numbers of 8 bits, x rounded to them as well: W [out, inner] as q [out, blocks, block]
 * around 128, times scale [out·blocks]. Without a gradient rule.
 */
export function narrowProduct(x: Tensor, q: Tensor, scale: Tensor): Tensor {
  const [out, blocks, block] = [known(q, 0), known(q, 1), known(q, 2)];
  return node('MatMulNBits', [x, q, scale], [x.shape[0] ?? 1, out], {
    N: out,
    K: blocks * block,
    bits: 8,
    block_size: block,
    accuracy_level: 4,
  });
}

/** Product over the last two axes, the others broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.at(-1) !== b.shape.at(-2)) throw mismatch('MatMul', a.shape, b.shape);
  const batch = broadcast('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return node('MatMul', [a, b], [...batch, a.shape.at(-2) as Dim, b.shape.at(-1) as Dim]);
}

function reduce(op: string, x: Tensor, axes: readonly number[], keep: boolean): Tensor {
  const places = axes.map((axis) => axisOf(axis, x.shape.length));
  const shape = keep
    ? x.shape.map((dim, i) => (places.includes(i) ? 1 : dim))
    : x.shape.filter((_, i) => !places.includes(i));
  return node(op, [x, integers(places)], shape, { keepdims: Number(keep) });
}

const allAxes = (x: Tensor): number[] => x.shape.map((_, i) => i);

export const reduceSum = (x: Tensor, axes = allAxes(x), keep = false): Tensor => reduce('ReduceSum', x, axes, keep);
export const reduceMean = (x: Tensor, axes = allAxes(x), keep = false): Tensor => reduce('ReduceMean', x, axes, keep);
export const reduceMax = (x: Tensor, axes: readonly number[], keep = false): Tensor =>
  reduce('ReduceMax', x, axes, keep);

/** Softmax over the last axis. */
export const softmax = (x: Tensor): Tensor => node('Softmax', [x], x.shape, { axis: -1 });

/** x / sqrt(mean(x²) + eps) · gain over the last axis (Zhang & Sennrich 2019, arXiv:1910.07467). */
export function rmsNorm(x: Tensor, gain: Tensor, eps: number): Tensor {
  return node('SimplifiedLayerNormalization', [x, gain], x.shape, { axis: -1, epsilon: eps, stash_type: 1 });
}

/** (x − mean(x)) / sqrt(var(x) + eps) · gain + bias over the last axis (Ba et al. 2016, arXiv:1607.06450). */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, eps: number): Tensor {
  return node('LayerNormalization', [x, gain, bias], x.shape, { axis: -1, epsilon: eps, stash_type: 1 });
}

/** Another output of {@link layerNorm}, last axis of size 1: 1 is the mean, 2 is 1 / deviation. */
export function normOutput(norm: Tensor, index: 1 | 2): Tensor {
  return node('Output', [norm], [...norm.shape.slice(0, -1), 1], { index });
}

export interface RotaryTables {
  /** [tokens, turned dimensions / 2] each, a row a token; `negativeSin` turns back, which is the gradient. */
  readonly cos: Tensor;
  readonly sin: Tensor;
  readonly negativeSin: Tensor;
}

/** That only the first `dims` dimensions of each head are turned. */
export interface PartialRotary {
  readonly heads: number;
  readonly dims: number;
}

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864) in HF's half-split order. x [1, tokens, heads·headDim];
 * the kernel's own position is the row of the tables, which is why they need not hold every position there is.
 */
export function rotary(x: Tensor, { cos, sin, negativeSin }: RotaryTables, partial?: PartialRotary): Tensor {
  const attributes = partial ? { num_heads: partial.heads, rotary_embedding_dim: partial.dims } : {};
  return node('RotaryEmbedding', [x, integers([0]), cos, sin, negativeSin], x.shape, { ...attributes });
}

/** `x`, through which no gradient flows. */
export const detach = (x: Tensor): Tensor => node('Detach', [x], x.shape);

/**
 * `value`, whose gradient towards `x` is `direction` ([rows, width]) times the incoming one ([rows, 1]): for a result
 * whose derivative is cheapest to form in the forward pass. Nothing flows into `value` itself.
 */
export function withDirection(value: Tensor, x: Tensor, direction: Tensor): Tensor {
  return node('WithDirection', [value, x, direction], value.shape);
}
