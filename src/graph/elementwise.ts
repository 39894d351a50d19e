import { broadcast } from './shapes';
import { node, scalar, type Tensor } from './tensor';

/*
 * Ops that work element by element, named after ONNX's operators
 * (https://onnx.ai/onnx/operators/). Binary ones broadcast as NumPy does.
 */

function binary(op: string, a: Tensor, b: Tensor): Tensor {
  return node(op, [a, b], broadcast(op, a.shape, b.shape));
}

function unary(op: string, x: Tensor): Tensor {
  return node(op, [x], x.shape);
}

export const add = (a: Tensor, b: Tensor): Tensor => binary('Add', a, b);
export const sub = (a: Tensor, b: Tensor): Tensor => binary('Sub', a, b);
export const mul = (a: Tensor, b: Tensor): Tensor => binary('Mul', a, b);
export const div = (a: Tensor, b: Tensor): Tensor => binary('Div', a, b);

export const neg = (x: Tensor): Tensor => unary('Neg', x);
export const exp = (x: Tensor): Tensor => unary('Exp', x);
export const log = (x: Tensor): Tensor => unary('Log', x);
export const sqrt = (x: Tensor): Tensor => unary('Sqrt', x);
export const tanh = (x: Tensor): Tensor => unary('Tanh', x);
export const sigmoid = (x: Tensor): Tensor => unary('Sigmoid', x);
export const erf = (x: Tensor): Tensor => unary('Erf', x);
export const cos = (x: Tensor): Tensor => unary('Cos', x);
export const sin = (x: Tensor): Tensor => unary('Sin', x);
export const softplus = (x: Tensor): Tensor => unary('Softplus', x);
export const relu = (x: Tensor): Tensor => unary('Relu', x);

/** x·sigmoid(x). QuickGelu with alpha 1 is SiLU, and one kernel instead of two. */
export const silu = (x: Tensor): Tensor => node('QuickGelu', [x], x.shape, { alpha: 1 });

/** x·Φ(x), Φ the normal distribution (Hendrycks & Gimpel 2016, arXiv:1606.08415), … */
export const gelu = (x: Tensor): Tensor => node('Gelu', [x], x.shape, { approximate: 'none' });
/** … and with tanh in place of erf, which is what GPT-2 and Gemma were trained with. */
export const geluTanh = (x: Tensor): Tensor => node('Gelu', [x], x.shape, { approximate: 'tanh' });

/** log σ(x) = −Softplus(−x): Sigmoid itself flushes to 0 below about −89. */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)));

export const scale = (x: Tensor, factor: number): Tensor => mul(x, scalar(factor));
export const square = (x: Tensor): Tensor => mul(x, x);

export const equal = (a: Tensor, b: Tensor): Tensor =>
  node('Equal', [a, b], broadcast('Equal', a.shape, b.shape), {}, 'bool');
export const greater = (a: Tensor, b: Tensor): Tensor =>
  node('Greater', [a, b], broadcast('Greater', a.shape, b.shape), {}, 'bool');
/** `a` where the condition holds, `b` elsewhere. */
export const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
  node('Where', [condition, a, b], broadcast('Where', condition.shape, broadcast('Where', a.shape, b.shape)));
export const toF32 = (x: Tensor): Tensor => node('Cast', [x], x.shape, { to: 1 });

/**
 * q·scale + minimum, product and sum each rounded: q [rows, groups, size] whole numbers, scale and minimum [rows,
 * groups, 1] (null: 0). Returns [rows, groups, size] f32. Weights are frozen, so it has no gradient.
 */
export function dequantize(q: Tensor, scale: Tensor, minimum: Tensor | null): Tensor {
  const values = node('DequantizeLinear', [q, scale], q.shape, { axis: 2, block_size: Number(q.shape[2]) });
  return minimum ? add(values, minimum) : values;
}

/** x − value. */
export const scalarSub = (x: Tensor, value: number): Tensor => sub(x, scalar(value));
