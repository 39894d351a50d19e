import { matmul } from './algebra';
import { add, div, greater, mul, neg, scale, square, sub, tanh, toF32 } from './elementwise';
import {
  concatRule,
  gatherElementsRule,
  geluRule,
  gemmRule,
  layerNormRule,
  localGradientRule,
  matmulRightRule,
  permuteRowsRule,
  quickGeluRule,
  reduceMeanRule,
  reduceSumRule,
  reshapeRule,
  rmsNormRule,
  rotaryRule,
  sliceRule,
  softmaxRule,
  sumTo,
  transposeRule,
  type GradientRule,
} from './rules';
import { scatterRows, transposeLast } from './structure';
import { scalar } from './tensor';

/**
 * Where the shape of a result comes from: `broadcast` of all inputs as NumPy does it, the `first` input, or `given` to
 * `node` by the function that makes the op, because it follows from sizes, axes or indices.
 */
export type ShapeRule = 'broadcast' | 'first' | 'given';

/** How an op becomes an ONNX node. A field that is left out has the value that most ops need. */
export interface NodeForm {
  /** The operator's name in ONNX; the op's own name if left out. */
  readonly name?: string;
  /** `com.microsoft` for ONNX Runtime's own operators; ONNX's domain if left out. */
  readonly domain?: 'com.microsoft';
  /** How many of the op's inputs the operator takes; the rest serve the gradient rule. All if left out. */
  readonly inputs?: number;
  /** How many outputs the operator has; an `Output` op reads those after the first. 1 if left out. */
  readonly outputs?: number;
  /** False: the attributes serve the gradient rule only and are not written. */
  readonly attributes?: false;
}

export interface OpEntry {
  readonly shape: ShapeRule;
  /** `none`: to ask for a gradient through this op is an error. */
  readonly gradient: GradientRule | 'none';
  /**
   * The backward pass computes the result again instead of keeping it. For ops that cost one pass over their elements
   * and whose gradient rule keeps their inputs anyway: kept as well, the results would be a third of a step's memory;
   * computed again, they cost about 2 % of its time.
   */
  readonly recompute?: true;
  /** The op's part in an ONNX file; a node with the op's name if left out. */
  readonly onnx?: 'input' | 'initializer' | 'further output' | NodeForm;
}

/**
 * All ops that a graph can hold, by the name of the ONNX operator (https://onnx.ai/onnx/operators/) where there is one.
 * A gradient rule reads `(dy, y, ...inputs)`: from the gradient of the result `y` to the gradients of its inputs.
 *
 * To add an op, write its entry here and a function that makes it (`elementwise.ts`, `structure.ts` or `algebra.ts`).
 * The compiler refuses an op without an entry. With a gradient rule it also asks for a sample in
 * `test/unit/graph/samples.ts`, from which the finite-difference test is generated.
 */
export const ops = {
  // Leaves, and a second or third output of another op.
  Input: { shape: 'given', gradient: 'none', onnx: 'input' },
  Weight: { shape: 'given', gradient: 'none', onnx: 'initializer' },
  Constant: { shape: 'given', gradient: 'none', onnx: 'initializer' },
  Output: { shape: 'given', gradient: 'none', onnx: 'further output' },

  // Arithmetic, element by element.
  Add: { shape: 'broadcast', gradient: (dy, _y, a, b) => [sumTo(dy, a), sumTo(dy, b)] },
  Sub: { shape: 'broadcast', gradient: (dy, _y, a, b) => [sumTo(dy, a), sumTo(neg(dy), b)] },
  Mul: {
    shape: 'broadcast',
    gradient: (dy, _y, a, b) => [sumTo(mul(dy, b), a), sumTo(mul(dy, a), b)],
    recompute: true,
  },
  Div: { shape: 'broadcast', gradient: (dy, y, a, b) => [sumTo(div(dy, b), a), sumTo(neg(div(mul(dy, y), b)), b)] },
  Neg: { shape: 'first', gradient: (dy) => [neg(dy)] },
  Exp: { shape: 'first', gradient: (dy, y) => [mul(dy, y)] },
  Log: { shape: 'first', gradient: (dy, _y, x) => [div(dy, x)] },
  Sqrt: { shape: 'first', gradient: (dy, y) => [div(scale(dy, 0.5), y)] },
  Erf: { shape: 'first', gradient: 'none' },
  Cos: { shape: 'first', gradient: 'none' },
  Sin: { shape: 'first', gradient: 'none' },
  Cast: { shape: 'first', gradient: 'none' },
  Identity: { shape: 'first', gradient: 'none' },

  // Activations.
  Tanh: { shape: 'first', gradient: (dy, y) => [sub(dy, mul(dy, square(y)))] },
  Sigmoid: { shape: 'first', gradient: (dy, y) => [mul(dy, sub(y, square(y)))] },
  // σ(x) = (1 + tanh(x/2)) / 2, because ONNX Runtime's Sigmoid becomes 0 below about −89.
  Softplus: {
    shape: 'first',
    gradient: (dy, _y, x) => [add(scale(dy, 0.5), mul(dy, scale(tanh(scale(x, 0.5)), 0.5)))],
  },
  Relu: { shape: 'first', gradient: (dy, _y, x) => [mul(dy, toF32(greater(x, scalar(0))))] },
  QuickGelu: { shape: 'first', gradient: quickGeluRule, recompute: true, onnx: { domain: 'com.microsoft' } },
  Gelu: { shape: 'first', gradient: geluRule, recompute: true },
  Softmax: { shape: 'first', gradient: softmaxRule },

  // Comparison and choice.
  Equal: { shape: 'broadcast', gradient: 'none' },
  Greater: { shape: 'broadcast', gradient: 'none' },
  Where: { shape: 'broadcast', gradient: 'none' },

  // Matrix products.
  Gemm: { shape: 'given', gradient: gemmRule },
  MatMul: {
    shape: 'given',
    gradient: (dy, _y, a, b) => [sumTo(matmul(dy, transposeLast(b)), a), matmulRightRule(a, dy, b)],
  },
  MatMulNBits: { shape: 'given', gradient: 'none', onnx: { domain: 'com.microsoft' } },

  // Sums over axes.
  ReduceSum: { shape: 'given', gradient: reduceSumRule },
  ReduceMean: { shape: 'given', gradient: reduceMeanRule },
  ReduceMax: { shape: 'given', gradient: 'none' },
  CumSum: { shape: 'first', gradient: 'none' },

  // Layers with a kernel of their own.
  SimplifiedLayerNormalization: { shape: 'first', gradient: rmsNormRule, recompute: true },
  LayerNormalization: { shape: 'first', gradient: layerNormRule, recompute: true, onnx: { outputs: 3 } },
  RotaryEmbedding: { shape: 'first', gradient: rotaryRule, onnx: { domain: 'com.microsoft', inputs: 4 } },
  DequantizeLinear: { shape: 'first', gradient: 'none' },

  // Shape and order of elements.
  Reshape: { shape: 'given', gradient: (dy, _y, x) => [reshapeRule(dy, x)] },
  Transpose: { shape: 'given', gradient: transposeRule },
  Concat: { shape: 'given', gradient: concatRule },
  Split: { shape: 'given', gradient: 'none', onnx: { outputs: 2 } },
  Slice: { shape: 'given', gradient: sliceRule, onnx: { attributes: false } },
  Pad: { shape: 'given', gradient: 'none', onnx: { attributes: false } },
  Expand: { shape: 'given', gradient: 'none' },
  Unsqueeze: { shape: 'given', gradient: 'none' },
  Shape: { shape: 'given', gradient: 'none' },

  // Rows and elements by index.
  Gather: { shape: 'given', gradient: (dy, _y, x, index) => [scatterRows(x, index, dy)] },
  PermuteRows: {
    shape: 'given',
    gradient: permuteRowsRule,
    onnx: { name: 'Gather', inputs: 2, attributes: false },
  },
  GatherElements: { shape: 'given', gradient: gatherElementsRule },
  ScatterND: { shape: 'first', gradient: 'none' },
  ScatterElements: { shape: 'first', gradient: 'none' },

  // Values with a gradient that differs from the identity's.
  Detach: { shape: 'first', gradient: () => [], onnx: { name: 'Identity', inputs: 1 } },
  WithLocalGradient: {
    shape: 'first',
    gradient: localGradientRule,
    onnx: { name: 'Identity', inputs: 1, attributes: false },
  },
} as const satisfies Readonly<Record<string, OpEntry>>;

/** The name of an op: a key of {@link ops}. */
export type Op = keyof typeof ops;

/** Ops whose entry has the value `Value` under `Key`. */
type OpsWith<Key extends keyof OpEntry, Value> = {
  [Name in Op]: (typeof ops)[Name][Key & keyof (typeof ops)[Name]] extends Value ? Name : never;
}[Op];

/** Ops with a shape rule, such as all that broadcast. */
export type OpOfShape<Rule extends ShapeRule> = OpsWith<'shape', Rule>;

/** Ops with a gradient rule. */
export type DifferentiableOp = Exclude<Op, OpsWith<'gradient', 'none'>>;

/** What the table says of an op. */
export const entryOf = (op: Op): OpEntry => ops[op];
