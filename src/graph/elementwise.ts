import { at } from '../base/pure/must';
import type { OpOfShape } from './ops';
import { broadcastNode, nodeLikeFirst, scalar, type Tensor } from './tensor';

/*
 * Ops that work element by element, named after ONNX's operators (https://onnx.ai/onnx/operators/). An op of one tensor
 * keeps its shape. An op of several tensors broadcasts them as NumPy does, and throws MarginError `shape-mismatch` if
 * they do not fit.
 */

const binary = (op: OpOfShape<'broadcast'>, a: Tensor, b: Tensor): Tensor => broadcastNode(op, [a, b]);
const unary = (op: OpOfShape<'first'>, x: Tensor): Tensor => nodeLikeFirst(op, [x]);

/** a + b, broadcast. */
export const add = (a: Tensor, b: Tensor): Tensor => binary('Add', a, b);
/** a − b, broadcast. */
export const sub = (a: Tensor, b: Tensor): Tensor => binary('Sub', a, b);
/** a·b element by element, broadcast. `matmul` is the matrix product. */
export const mul = (a: Tensor, b: Tensor): Tensor => binary('Mul', a, b);
/** a / b, broadcast. */
export const div = (a: Tensor, b: Tensor): Tensor => binary('Div', a, b);

/** −x. */
export const neg = (x: Tensor): Tensor => unary('Neg', x);
/** eˣ. */
export const exp = (x: Tensor): Tensor => unary('Exp', x);
/** The natural logarithm: −∞ at 0, NaN below. */
export const log = (x: Tensor): Tensor => unary('Log', x);
/** The square root: NaN below 0. */
export const sqrt = (x: Tensor): Tensor => unary('Sqrt', x);
/** The hyperbolic tangent. */
export const tanh = (x: Tensor): Tensor => unary('Tanh', x);
/** 1 / (1 + e⁻ˣ). For its logarithm, use {@link logSigmoid}. */
export const sigmoid = (x: Tensor): Tensor => unary('Sigmoid', x);
/** The Gauss error function. Has no gradient rule. */
export const erf = (x: Tensor): Tensor => unary('Erf', x);
/** The cosine of radians. */
export const cos = (x: Tensor): Tensor => unary('Cos', x);
/** The sine of radians. */
export const sin = (x: Tensor): Tensor => unary('Sin', x);
/** log(1 + eˣ). */
export const softplus = (x: Tensor): Tensor => unary('Softplus', x);
/** max(0, x). */
export const relu = (x: Tensor): Tensor => unary('Relu', x);

/** x·sigmoid(x). QuickGelu with alpha 1 is SiLU, in one kernel instead of two. */
export const silu = (x: Tensor): Tensor => nodeLikeFirst('QuickGelu', [x], { alpha: 1 });

/** x·Φ(x), where Φ is the normal distribution's cumulative function (Hendrycks & Gimpel 2016, arXiv:1606.08415). */
export const gelu = (x: Tensor): Tensor => nodeLikeFirst('Gelu', [x], { approximate: 'none' });
/** {@link gelu} with tanh in place of erf. GPT-2 and Gemma were trained with it. */
export const geluTanh = (x: Tensor): Tensor => nodeLikeFirst('Gelu', [x], { approximate: 'tanh' });

/** log σ(x) as −Softplus(−x), because ONNX Runtime's Sigmoid becomes 0 below about −89. */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)));

/** factor·x. */
export const scale = (x: Tensor, factor: number): Tensor => mul(x, scalar(factor));
/** x². */
export const square = (x: Tensor): Tensor => mul(x, x);

/** Booleans: whether a = b. Has no gradient rule. */
export const equal = (a: Tensor, b: Tensor): Tensor => broadcastNode('Equal', [a, b], 'bool');
/** Booleans: whether a > b. Has no gradient rule. */
export const greater = (a: Tensor, b: Tensor): Tensor => broadcastNode('Greater', [a, b], 'bool');
/** `a` where the condition holds, `b` elsewhere. */
export const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor => broadcastNode('Where', [condition, a, b]);
/** `x` as f32; a boolean becomes 0 or 1. Has no gradient rule. */
export const toF32 = (x: Tensor): Tensor => nodeLikeFirst('Cast', [x], { to: 1 });

/**
 * Quantised weights as f32: q·scale + minimum, with the product and the sum each rounded. Has no gradient rule, because
 * quantised weights are frozen.
 *
 * @param q [rows, groups, size] integers of 4 or 8 bits
 * @param scale [rows, groups, 1]
 * @param minimum [rows, groups, 1]; null counts as 0
 * @returns [rows, groups, size]
 */
export function dequantize(q: Tensor, scale: Tensor, minimum: Tensor | null): Tensor {
  const values = nodeLikeFirst('DequantizeLinear', [q, scale], { axis: 2, block_size: Number(at(q.shape, 2)) });
  return minimum ? add(values, minimum) : values;
}

/** x − value. */
export const scalarSub = (x: Tensor, value: number): Tensor => sub(x, scalar(value));
