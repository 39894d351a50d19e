import { count, gemm, inverseDeviation, matmul, reduceMean, reduceSum, rotary } from './algebra';
import { add, div, mul, neg, scale, sigmoid, sub, tanh } from './elementwise';
import { GraphError } from './graphError';
import { sameShape } from './shapes';
import { expandLike, pad, permuteRows, reshape, scatterRows, shapeOf, slice, transpose, transposeLast, zerosLike } from './structure';
import { node, type Dim, type Tensor } from './tensor';

/** From the gradient of a result to the gradients of its inputs; null where none flows. */
export type Rule = (dy: Tensor, y: Tensor, inputs: readonly Tensor[]) => readonly (Tensor | null)[];

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

/** The inputs of an op of known arity. */
function arity(inputs: readonly Tensor[]): [Tensor, Tensor, Tensor, Tensor, Tensor] {
  return inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
}

function gemmRule(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): readonly Tensor[] {
  const [a, b] = arity(inputs);
  const [transA, transB, alpha] = [flag(y, 'transA'), flag(y, 'transB'), number(y, 'alpha')];
  return [
    transA ? gemm(b, dy, { transA: transB, transB: true, alpha }) : gemm(dy, b, { transB: !transB, alpha }),
    transB ? gemm(dy, a, { transA: true, transB: transA, alpha }) : gemm(a, dy, { transA: !transA, alpha }),
  ];
}

/** dx = inv·(g⊙dy) − x·inv³·mean(x⊙g⊙dy); dg = Σ dy⊙x·inv. */
function rmsNormRule(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): readonly Tensor[] {
  const [x, gain] = arity(inputs);
  const inv = inverseDeviation(y);
  const scaled = mul(dy, gain);
  const normal = mul(x, inv);
  const along = reduceMean(mul(normal, scaled), [-1], true);
  return [mul(inv, sub(scaled, mul(normal, along))), to(mul(dy, normal), gain)];
}

/** dx = p⊙(dy − Σ p⊙dy). */
function softmaxRule(dy: Tensor, y: Tensor): readonly Tensor[] {
  const weighted = mul(dy, y);
  return [sub(weighted, mul(y, reduceSum(weighted, [-1], true)))];
}

/** Asks for the shape of `x` only where ONNX could not infer it: that would keep `x` alive until the backward pass. */
function reshapeBack(dy: Tensor, x: Tensor): Tensor {
  const unknown = x.shape.filter((dim, i) => typeof dim === 'string' && dim !== dy.shape[i]);
  return unknown.length <= 1 ? reshape(dy, x.shape) : node('Reshape', [dy, shapeOf(x)], x.shape);
}

function concatRule(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): readonly Tensor[] {
  const axis = number(y, 'axis');
  let start = 0;
  return inputs.map((part) => {
    const size = part.shape[axis];
    if (typeof size !== 'number') throw new GraphError('unknown-dimension', 'Concat: only parts of known size have a gradient');
    start += size;
    return slice(dy, axis, start - size, start);
  });
}

function sliceRule(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): readonly (Tensor | null)[] {
  const [axis, start, end] = [number(y, 'axis'), number(y, 'start'), number(y, 'end')];
  const size = inputs[0]?.shape[axis];
  if (typeof size !== 'number') throw new GraphError('unknown-dimension', 'Slice: only an axis of known size has a gradient');
  return [pad(dy, axis, start, size - end), null, null, null];
}

/** With keepdims 0 the summed axes come back as size 1 before the gradient is stretched over them. */
function spread(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): Tensor {
  const [x, axes] = arity(inputs);
  const places = Array.from(axes.value ?? [], Number);
  if (flag(y, 'keepdims') || places.length === x.shape.length) return expandLike(dy, x);
  const target = node('Unsqueeze', [dy, axes], x.shape.map((dim, i) => (places.includes(i) ? 1 : dim)));
  return expandLike(target, x);
}

function permuteRule(dy: Tensor, _y: Tensor, inputs: readonly Tensor[]): readonly (Tensor | null)[] {
  const [x, index, inverse] = arity(inputs);
  const width = x.shape.at(-1) ?? 1;
  const rows = index.shape.length === 1 ? dy : reshape(dy, ['rows', width]);
  const back = permuteRows(rows, inverse, index);
  return [inverse.shape.length === 1 ? back : reshape(back, [x.shape[0] ?? 1, width]), null, null];
}

function rotaryRule(dy: Tensor, _y: Tensor, inputs: readonly Tensor[]): readonly (Tensor | null)[] {
  const [, positions, cos, sin, negativeSin] = arity(inputs);
  return [rotary(dy, positions, { cos, sin: negativeSin, negativeSin: sin }), null, null, null, null];
}

/**
 * Every gradient Margin knows, by op. Adding an op means adding its line here and its sample in
 * `test/unit/graph/samples.ts`, from which the finite-difference test is generated.
 */
export const rules: Readonly<Record<string, Rule>> = {
  Add: (dy, _y, [a, b]) => [a ? to(dy, a) : null, b ? to(dy, b) : null],
  Sub: (dy, _y, [a, b]) => [a ? to(dy, a) : null, b ? to(neg(dy), b) : null],
  Mul: (dy, _y, inputs) => {
    const [a, b] = arity(inputs);
    return [to(mul(dy, b), a), to(mul(dy, a), b)];
  },
  Div: (dy, y, inputs) => {
    const [a, b] = arity(inputs);
    return [to(div(dy, b), a), to(neg(div(mul(dy, y), b)), b)];
  },
  Neg: (dy) => [neg(dy)],
  Exp: (dy, y) => [mul(dy, y)],
  Log: (dy, _y, inputs) => [div(dy, arity(inputs)[0])],
  Sqrt: (dy, y) => [div(scale(dy, 0.5), y)],
  Tanh: (dy, y) => [sub(dy, mul(dy, mul(y, y)))],
  Sigmoid: (dy, y) => [mul(dy, sub(y, mul(y, y)))],
  /** σ(x) = (1 + tanh(x/2)) / 2, without Sigmoid's flush to zero. */
  Softplus: (dy, _y, inputs) => {
    const half = scale(tanh(scale(arity(inputs)[0], 0.5)), 0.5);
    return [add(scale(dy, 0.5), mul(dy, half))];
  },
  Relu: (dy, _y, inputs) => {
    const [x] = arity(inputs);
    const positive = node('Greater', [x, zerosLike(x)], x.shape, {}, 'bool');
    return [mul(dy, node('Cast', [positive], x.shape, { to: 1 }))];
  },
  /** y = x·s, s = σ(x): y' = s + y·(1 − s). */
  QuickGelu: (dy, y, inputs) => {
    const s = sigmoid(arity(inputs)[0]);
    return [mul(dy, add(s, sub(y, mul(y, s))))];
  },
  Gemm: gemmRule,
  MatMul: (dy, _y, inputs) => {
    const [a, b] = arity(inputs);
    return [to(matmul(dy, transposeLast(b)), a), to(matmul(transposeLast(a), dy), b)];
  },
  ReduceSum: (dy, y, inputs) => [spread(dy, y, inputs), null],
  ReduceMean: (dy, y, inputs) => [spread(div(mul(dy, count(y)), count(arity(inputs)[0])), y, inputs), null],
  ReduceLogSumExp: (dy, y, inputs) => [mul(dy, node('Exp', [sub(arity(inputs)[0], y)], arity(inputs)[0].shape)), null],
  Softmax: softmaxRule,
  SimplifiedLayerNormalization: rmsNormRule,
  RotaryEmbedding: rotaryRule,
  Reshape: (dy, _y, inputs) => [reshapeBack(dy, arity(inputs)[0]), null],
  Transpose: (dy, y) => [transpose(dy, inversePermutation(y.attributes.perm))],
  Concat: concatRule,
  Slice: sliceRule,
  Gather: (dy, _y, inputs) => [scatterRows(arity(inputs)[0], arity(inputs)[1], dy), null],
  PermuteRows: permuteRule,
  GatherElements: (dy, y, inputs) => {
    const [x, index] = arity(inputs);
    return [node('ScatterElements', [zerosLike(x), index, dy], x.shape, { axis: number(y, 'axis'), reduction: 'add' }), null];
  },
  WithDirection: (dy, _y, inputs) => [null, mul(arity(inputs)[2], dy), null],
};

function inversePermutation(perm: unknown): number[] {
  const order = Array.isArray(perm) ? perm.map(Number) : [];
  return order.map((_, i) => order.indexOf(i));
}
