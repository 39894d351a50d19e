import { gemm, matmul, normOutput, reduceMean, reduceSum } from './algebra';
import { add, div, erf, exp, mul, neg, scale, sigmoid, sqrt, square, sub, tanh, toF32 } from './elementwise';
import { MarginError } from '../base/pure/marginError';
import { isSquare, sameShape } from './shapes';
import {
  expandLike,
  pad,
  permuteRows,
  reshape,
  scatterRows,
  shapeOf,
  slice,
  transpose,
  transposeLast,
  zerosLike,
} from './structure';
import { node, scalar, type Dim, type Tensor } from './tensor';

/**
 * From the gradient `dy` of a result `y` to the gradients of its inputs, in their order; null where none flows, and the
 * last ones may be left out.
 */
export type Rule = (dy: Tensor, y: Tensor, ...inputs: Tensor[]) => readonly (Tensor | null)[];

/** Sums a gradient back over the axes that broadcasting stretched. */
export function unbroadcast(dy: Tensor, shape: readonly Dim[]): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const extra = dy.shape.length - shape.length;
  const front = Array.from({ length: extra }, (_, i) => i);
  const lowered = extra > 0 ? reduceSum(dy, front) : dy;
  const stretched = shape.flatMap((dim, i) => (dim === 1 && lowered.shape[i] !== 1 ? [i] : []));
  return stretched.length > 0 ? reduceSum(lowered, stretched, true) : lowered;
}

const to = (dy: Tensor, x: Tensor): Tensor => unbroadcast(dy, x.shape);
const flag = (y: Tensor, name: string): boolean => y.attributes[name] === 1;
const number = (y: Tensor, name: string): number => Number(y.attributes[name]);

function gemmRule(dy: Tensor, y: Tensor, a: Tensor, b: Tensor, plus?: Tensor): readonly Tensor[] {
  const [transA, transB, alpha] = [flag(y, 'transA'), flag(y, 'transB'), number(y, 'alpha')];
  return [
    transA ? gemm(b, dy, { transA: transB, transB: true, alpha }) : gemm(dy, b, { transB: !transB, alpha }),
    transB ? gemm(dy, a, { transA: true, transB: transA, alpha }) : gemm(a, dy, { transA: !transA, alpha }),
    ...(plus ? [to(dy, plus)] : []),
  ];
}

/** aᵀ·dy, the gradient of b in a·b; as (dyᵀ·a)ᵀ where a is the larger one, for to transpose is to copy. */
function transposedProduct(a: Tensor, dy: Tensor, b: Tensor): Tensor {
  if (!isSquare(a.shape)) return to(matmul(transposeLast(a), dy), b);
  return transposeLast(unbroadcast(matmul(transposeLast(dy), a), transposeLast(b).shape));
}

/** dx = inv·(g⊙dy) − x·inv³·mean(x⊙g⊙dy); dg = Σ dy⊙x·inv. */
function rmsNormRule(dy: Tensor, y: Tensor, x: Tensor, gain: Tensor): readonly Tensor[] {
  // The kernel's own second output is the mean in ONNX Runtime 1.30's WebGPU kernel, so it is worked out anew.
  const inv = div(scalar(1), sqrt(add(reduceMean(square(x), [-1], true), scalar(number(y, 'epsilon')))));
  const scaled = mul(dy, gain);
  const normal = mul(x, inv);
  const along = reduceMean(mul(normal, scaled), [-1], true);
  return [mul(inv, sub(scaled, mul(normal, along))), to(mul(dy, normal), gain)];
}

/** n = (x − mean)·inv, s = g⊙dy: dx = inv·(s − mean(s) − n⊙mean(n⊙s)); dg = Σ dy⊙n; db = Σ dy. */
function layerNormRule(dy: Tensor, y: Tensor, x: Tensor, gain: Tensor, bias: Tensor): readonly Tensor[] {
  const [mean, inv] = [normOutput(y, 1), normOutput(y, 2)];
  const normal = mul(sub(x, mean), inv);
  const scaled = mul(dy, gain);
  const along = mul(normal, reduceMean(mul(normal, scaled), [-1], true));
  const dx = mul(inv, sub(sub(scaled, reduceMean(scaled, [-1], true)), along));
  return [dx, to(mul(dy, normal), gain), to(dy, bias)];
}

/** (x·Φ(x))' = Φ(x) + x·φ(x); with t = tanh(u), u = √(2/π)·(x + 0.044715·x³): (1 + t)/2 + x·(1 − t²)·u'/2. */
function geluRule(dy: Tensor, y: Tensor, x: Tensor): readonly Tensor[] {
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
function quickGeluRule(dy: Tensor, y: Tensor, x: Tensor): readonly Tensor[] {
  const s = sigmoid(x);
  return [mul(dy, add(s, sub(y, mul(y, s))))];
}

/** dx = p⊙(dy − Σ p⊙dy). */
function softmaxRule(dy: Tensor, y: Tensor): readonly Tensor[] {
  const weighted = mul(dy, y);
  return [sub(weighted, mul(y, reduceSum(weighted, [-1], true)))];
}

/**
 * Asks for the shape of `x` only where ONNX could not infer it and no gradient of that shape is at hand: that would
 * keep `x` alive until the backward pass.
 */
function reshapeBack(dy: Tensor, x: Tensor): Tensor {
  const before = dy.op === 'Reshape' ? dy.inputs[0] : undefined;
  if (before && sameShape(before.shape, x.shape)) return before;
  const unknown = x.shape.filter((dim, i) => typeof dim === 'string' && dim !== dy.shape[i]);
  return unknown.length <= 1 ? reshape(dy, x.shape) : node('Reshape', [dy, shapeOf(x)], x.shape);
}

function concatRule(dy: Tensor, y: Tensor, ...inputs: Tensor[]): readonly Tensor[] {
  const axis = number(y, 'axis');
  let start = 0;
  return inputs.map((part) => {
    const size = part.shape[axis];
    if (typeof size !== 'number')
      throw new MarginError('unknown-dimension', 'Concat: only parts of known size have a gradient');
    start += size;
    return slice(dy, axis, start - size, start);
  });
}

function sliceRule(dy: Tensor, y: Tensor, x: Tensor): readonly Tensor[] {
  const [axis, start, end] = [number(y, 'axis'), number(y, 'start'), number(y, 'end')];
  const size = x.shape[axis];
  if (typeof size !== 'number')
    throw new MarginError('unknown-dimension', 'Slice: only an axis of known size has a gradient');
  return [pad(dy, axis, start, size - end)];
}

/** With keepdims 0 the summed axes come back as size 1 before the gradient is stretched over them. */
function spread(dy: Tensor, y: Tensor, x: Tensor, axes: Tensor): Tensor {
  const places = Array.from(axes.value ?? [], Number);
  if (flag(y, 'keepdims') || places.length === x.shape.length) return expandLike(dy, x);
  const target = node(
    'Unsqueeze',
    [dy, axes],
    x.shape.map((dim, i) => (places.includes(i) ? 1 : dim)),
  );
  return expandLike(target, x);
}

function permuteRule(dy: Tensor, _y: Tensor, x: Tensor, index: Tensor, inverse: Tensor): readonly Tensor[] {
  const width = x.shape.at(-1) ?? 1;
  const rows = index.shape.length === 1 ? dy : reshape(dy, ['rows', width]);
  const back = permuteRows(rows, inverse, index);
  return [inverse.shape.length === 1 ? back : reshape(back, [x.shape[0] ?? 1, width])];
}

/** Turning back by the same angle is the transpose of turning. */
function rotaryRule(dy: Tensor, y: Tensor, ...inputs: [Tensor, Tensor, Tensor, Tensor, Tensor]): readonly Tensor[] {
  const [, start, cos, sin, negativeSin] = inputs;
  return [node('RotaryEmbedding', [dy, start, cos, negativeSin, sin], dy.shape, y.attributes)];
}

/**
 * Every gradient Margin knows, by op. Adding an op means adding its line here and its sample in
 * `test/unit/graph/samples.ts`, from which the finite-difference test is generated.
 */
export const rules: Readonly<Record<string, Rule>> = {
  Add: (dy, _y, a, b) => [to(dy, a), to(dy, b)],
  Sub: (dy, _y, a, b) => [to(dy, a), to(neg(dy), b)],
  Mul: (dy, _y, a, b) => [to(mul(dy, b), a), to(mul(dy, a), b)],
  Div: (dy, y, a, b) => [to(div(dy, b), a), to(neg(div(mul(dy, y), b)), b)],
  Neg: (dy) => [neg(dy)],
  Exp: (dy, y) => [mul(dy, y)],
  Log: (dy, _y, x) => [div(dy, x)],
  Sqrt: (dy, y) => [div(scale(dy, 0.5), y)],
  Tanh: (dy, y) => [sub(dy, mul(dy, square(y)))],
  Sigmoid: (dy, y) => [mul(dy, sub(y, square(y)))],
  /** σ(x) = (1 + tanh(x/2)) / 2, without Sigmoid's flush to zero. */
  Softplus: (dy, _y, x) => [add(scale(dy, 0.5), mul(dy, scale(tanh(scale(x, 0.5)), 0.5)))],
  Relu: (dy, _y, x) => [mul(dy, toF32(node('Greater', [x, scalar(0)], x.shape, {}, 'bool')))],
  QuickGelu: quickGeluRule,
  Gelu: geluRule,
  Gemm: gemmRule,
  MatMul: (dy, _y, a, b) => [to(matmul(dy, transposeLast(b)), a), transposedProduct(a, dy, b)],
  ReduceSum: (dy, y, x, axes) => [spread(dy, y, x, axes)],
  ReduceMean: (dy, y, x, axes) => [
    spread(div(dy, node('ReduceSum', [expandLike(scalar(1), x), axes], y.shape, y.attributes)), y, x, axes),
  ],
  Softmax: softmaxRule,
  SimplifiedLayerNormalization: rmsNormRule,
  LayerNormalization: layerNormRule,
  RotaryEmbedding: rotaryRule,
  Reshape: (dy, _y, x) => [reshapeBack(dy, x)],
  Transpose: (dy, y) => [transposeBack(dy, inversePermutation(y.attributes.perm))],
  Concat: concatRule,
  Slice: sliceRule,
  Gather: (dy, _y, x, index) => [scatterRows(x, index, dy)],
  PermuteRows: permuteRule,
  GatherElements: (dy, y, x, index) => [
    node('ScatterElements', [zerosLike(x), index, dy], x.shape, { axis: number(y, 'axis'), reduction: 'add' }),
  ],
  Detach: () => [],
  WithDirection: (dy, _y, _value, _x, direction) => [null, mul(direction, dy)],
};

/** Two transpositions in a row are one. */
function transposeBack(dy: Tensor, perm: readonly number[]): Tensor {
  const [before] = dy.inputs;
  const first = dy.attributes.perm;
  if (dy.op !== 'Transpose' || !before || !Array.isArray(first)) return transpose(dy, perm);
  return transpose(
    before,
    perm.map((axis) => Number(first[axis])),
  );
}

function inversePermutation(perm: unknown): number[] {
  const order = Array.isArray(perm) ? perm.map(Number) : [];
  return order.map((_, i) => order.indexOf(i));
}
