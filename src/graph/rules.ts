import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import { gemm, matmul, normOutput, reduceMean, reduceSum } from './algebra';
import { add, div, erf, exp, mul, scale, sigmoid, sqrt, square, sub, tanh } from './elementwise';
import { isTokenByToken, sameShape } from './shapes';
import {
  expandLike,
  pad,
  permuteRows,
  reshape,
  shapeOf,
  slice,
  transpose,
  transposeLast,
  zerosLike,
} from './structure';
import { knownSize, node, nodeLikeFirst, scalar, type Dim, type Tensor } from './tensor';

/* Gradient rules that are longer than a line. The table of all ops is `ops.ts`. */

/**
 * From the gradient `dy` of a result `y` to the gradients of its inputs, in the order of the inputs. null: no gradient
 * flows to that input. Inputs at the end without a gradient may be left out.
 */
export type GradientRule = (dy: Tensor, y: Tensor, ...inputs: Tensor[]) => readonly (Tensor | null)[];

/** Sums a gradient over the axes that broadcasting stretched, so that it has `shape` again. */
export function unbroadcast(dy: Tensor, shape: readonly Dim[]): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const added = dy.shape.length - shape.length;
  const front = Array.from({ length: added }, (_, axis) => axis);
  const sameRank = added > 0 ? reduceSum(dy, front) : dy;
  const stretched = shape.flatMap((dim, axis) => (dim === 1 && sameRank.shape[axis] !== 1 ? [axis] : []));
  return stretched.length > 0 ? reduceSum(sameRank, stretched, true) : sameRank;
}

/** {@link unbroadcast} to the shape of an input. */
export const sumTo = (dy: Tensor, x: Tensor): Tensor => unbroadcast(dy, x.shape);

const flag = (y: Tensor, name: string): boolean => y.attributes[name] === 1;
const number = (y: Tensor, name: string): number => Number(y.attributes[name]);

/**
 * y = α·a·b + plus, where a or b may be transposed: da = α·dy·bᵀ, db = α·aᵀ·dy, dplus = dy summed to its shape. Each is
 * computed as one Gemm that transposes what the first one did not.
 */
export function gemmRule(dy: Tensor, y: Tensor, a: Tensor, b: Tensor, plus?: Tensor): readonly Tensor[] {
  const [transA, transB, alpha] = [flag(y, 'transA'), flag(y, 'transB'), number(y, 'alpha')];
  return [
    transA ? gemm(b, dy, { transA: transB, transB: true, alpha }) : gemm(dy, b, { transB: !transB, alpha }),
    transB ? gemm(dy, a, { transA: true, transB: transA, alpha }) : gemm(a, dy, { transA: !transA, alpha }),
    ...(plus ? [sumTo(dy, plus)] : []),
  ];
}

/**
 * aᵀ·dy, the gradient of b in y = a·b. Where a is attention weights, the larger matrix, it is computed as (dyᵀ·a)ᵀ:
 * transposing copies, and this copies the smaller matrices.
 */
export function matmulRightRule(a: Tensor, dy: Tensor, b: Tensor): Tensor {
  if (!isTokenByToken(a.shape)) return sumTo(matmul(transposeLast(a), dy), b);
  return transposeLast(unbroadcast(matmul(transposeLast(dy), a), transposeLast(b).shape));
}

/** inv = 1 / sqrt(mean(x²) + eps): dx = inv·(g⊙dy) − x·inv³·mean(x⊙g⊙dy); dg = Σ dy⊙x·inv. */
export function rmsNormRule(dy: Tensor, y: Tensor, x: Tensor, gain: Tensor): readonly Tensor[] {
  // The rule computes inv itself: the kernel's second output should be inv, but is the mean in ONNX Runtime 1.30's
  // WebGPU kernel.
  const inv = div(scalar(1), sqrt(add(reduceMean(square(x), [-1], true), scalar(number(y, 'epsilon')))));
  const scaled = mul(dy, gain);
  const normal = mul(x, inv);
  const projection = reduceMean(mul(normal, scaled), [-1], true);
  return [mul(inv, sub(scaled, mul(normal, projection))), sumTo(mul(dy, normal), gain)];
}

/** n = (x − mean)·inv, s = g⊙dy: dx = inv·(s − mean(s) − n⊙mean(n⊙s)); dg = Σ dy⊙n; db = Σ dy. */
export function layerNormRule(dy: Tensor, y: Tensor, x: Tensor, gain: Tensor, bias: Tensor): readonly Tensor[] {
  const [mean, inv] = [normOutput(y, 1), normOutput(y, 2)];
  const normal = mul(sub(x, mean), inv);
  const scaled = mul(dy, gain);
  const projection = mul(normal, reduceMean(mul(normal, scaled), [-1], true));
  const dx = mul(inv, sub(sub(scaled, reduceMean(scaled, [-1], true)), projection));
  return [dx, sumTo(mul(dy, normal), gain), sumTo(dy, bias)];
}

/**
 * (x·Φ(x))' = Φ(x) + x·φ(x). With tanh, t = tanh(u) and u = √(2/π)·(x + 0.044715·x³): (1 + t)/2 + x·(1 − t²)·u'/2.
 */
export function geluRule(dy: Tensor, y: Tensor, x: Tensor): readonly Tensor[] {
  const plusOne = (z: Tensor): Tensor => scale(add(z, scalar(1)), 0.5);
  if (y.attributes.approximate === 'none') {
    const density = scale(exp(scale(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [mul(dy, add(plusOne(erf(scale(x, Math.SQRT1_2))), mul(x, density)))];
  }
  const factor = Math.sqrt(2 / Math.PI);
  const x2 = square(x);
  const t = tanh(mul(scale(x, factor), add(scale(x2, 0.044715), scalar(1))));
  const slope = add(scale(x2, 3 * 0.044715 * factor), scalar(factor));
  return [mul(dy, add(plusOne(t), scale(mul(mul(x, slope), sub(scalar(1), square(t))), 0.5)))];
}

/** y = x·s, s = σ(x): y' = s + y·(1 − s). */
export function quickGeluRule(dy: Tensor, y: Tensor, x: Tensor): readonly Tensor[] {
  const s = sigmoid(x);
  return [mul(dy, add(s, sub(y, mul(y, s))))];
}

/** y = softmax(x): dx = y⊙(dy − Σ y⊙dy). */
export function softmaxRule(dy: Tensor, y: Tensor): readonly Tensor[] {
  const weighted = mul(dy, y);
  return [sub(weighted, mul(y, reduceSum(weighted, [-1], true)))];
}

/**
 * The gradient in the shape of `x`. Reads the shape of `x` at run time only if ONNX cannot infer it and `dy` is not
 * itself reshaped from that shape, because reading it keeps `x` in memory until the backward pass.
 */
export function reshapeRule(dy: Tensor, x: Tensor): Tensor {
  const before = dy.op === 'Reshape' ? dy.inputs[0] : undefined;
  if (before && sameShape(before.shape, x.shape)) return before;
  const unknown = x.shape.filter((dim, i) => typeof dim === 'string' && dim !== dy.shape[i]);
  return unknown.length <= 1 ? reshape(dy, x.shape) : node('Reshape', [dy, shapeOf(x)], x.shape);
}

/** y = concat(inputs): each input gets its slice of dy along the axis. */
export function concatRule(dy: Tensor, y: Tensor, ...inputs: Tensor[]): readonly Tensor[] {
  const axis = number(y, 'axis');
  let start = 0;
  return inputs.map((part) => {
    const size = knownSize(part, axis);
    start += size;
    return slice(dy, axis, start - size, start);
  });
}

/** y = x[start:end]: dx is dy between zeros, with the shape of x. */
export function sliceRule(dy: Tensor, y: Tensor, x: Tensor): readonly Tensor[] {
  const [axis, start, end] = [number(y, 'axis'), number(y, 'start'), number(y, 'end')];
  return [pad(dy, axis, start, knownSize(x, axis) - end)];
}

/** y = Σ x over axes: dx is dy, broadcast to the shape of x. */
export function reduceSumRule(dy: Tensor, y: Tensor, x: Tensor, axes: Tensor): readonly Tensor[] {
  return [stretch(dy, y, x, axes)];
}

/** Divides by the number of elements in each mean, which is the same sum over ones. */
export function reduceMeanRule(dy: Tensor, y: Tensor, x: Tensor, axes: Tensor): readonly Tensor[] {
  const count = node('ReduceSum', [expandLike(scalar(1), x), axes], y.shape, y.attributes);
  return [stretch(div(dy, count), y, x, axes)];
}

/** The gradient of a sum over axes, broadcast to the shape of `x`. Axes that the sum dropped come back with size 1. */
function stretch(dy: Tensor, y: Tensor, x: Tensor, axes: Tensor): Tensor {
  const reduced = Array.from(must(axes.value, 'the list of axes'), Number);
  if (flag(y, 'keepdims') || reduced.length === x.shape.length) return expandLike(dy, x);
  const target = node(
    'Unsqueeze',
    [dy, axes],
    x.shape.map((dim, axis) => (reduced.includes(axis) ? 1 : dim)),
  );
  return expandLike(target, x);
}

/** y = x[index]: dx = dy[inverse]; see `permuteRows`. */
export function permuteRowsRule(dy: Tensor, _y: Tensor, x: Tensor, index: Tensor, inverse: Tensor): readonly Tensor[] {
  const width = at(x.shape, x.shape.length - 1);
  const rows = index.shape.length === 1 ? dy : reshape(dy, ['rows', width]);
  const back = permuteRows(rows, inverse, index);
  return [inverse.shape.length === 1 ? back : reshape(back, [at(x.shape, 0), width])];
}

/** The transpose of a rotation is the rotation back by the same angle. */
export function rotaryRule(
  dy: Tensor,
  y: Tensor,
  ...inputs: [Tensor, Tensor, Tensor, Tensor, Tensor]
): readonly Tensor[] {
  const [, start, cos, sin, negativeSin] = inputs;
  return [nodeLikeFirst('RotaryEmbedding', [dy, start, cos, negativeSin, sin], y.attributes)];
}

/** y[i] = x[i, index[i]]: dx is dy at these places, and 0 at all others. */
export function gatherElementsRule(dy: Tensor, y: Tensor, x: Tensor, index: Tensor): readonly Tensor[] {
  return [nodeLikeFirst('ScatterElements', [zerosLike(x), index, dy], { axis: number(y, 'axis'), reduction: 'add' })];
}

/** Nothing flows into `value`; see `withLocalGradient`. */
export function localGradientRule(
  dy: Tensor,
  _y: Tensor,
  _value: Tensor,
  _x: Tensor,
  localGradient: Tensor,
): readonly (Tensor | null)[] {
  return [null, mul(localGradient, dy)];
}

/** y = transpose(x, perm): dx = transpose(dy, the inverse of perm). */
export function transposeRule(dy: Tensor, y: Tensor): readonly Tensor[] {
  const perm = permutationOf(y);
  return [
    transposed(
      dy,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ];
}

/** Transposes. A transposition of a transposition becomes a single one. */
function transposed(dy: Tensor, perm: readonly number[]): Tensor {
  if (dy.op !== 'Transpose') return transpose(dy, perm);
  const first = permutationOf(dy);
  return transpose(
    at(dy.inputs, 0),
    perm.map((axis) => at(first, axis)),
  );
}

function permutationOf({ attributes: { perm } }: Tensor): readonly number[] {
  if (typeof perm === 'object') return perm;
  throw new MarginError('missing', 'Transpose: the attribute perm is missing');
}
