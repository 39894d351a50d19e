import {
  detach,
  gemm,
  layerNorm,
  matmul,
  reduceMax,
  reduceMean,
  reduceSum,
  rmsNorm,
  rotary,
  softmax,
  withLocalGradient,
} from '../../../src/graph/algebra';
import {
  add,
  div,
  exp,
  gelu,
  geluTanh,
  log,
  mul,
  neg,
  relu,
  scale,
  sigmoid,
  silu,
  softplus,
  sqrt,
  square,
  sub,
  tanh,
} from '../../../src/graph/elementwise';
import type { DifferentiableOp } from '../../../src/graph/ops';
import { concat, gatherRows, permuteRows, pick, reshape, slice, transpose } from '../../../src/graph/structure';
import { constant, integers, type Dim, type Tensor } from '../../../src/graph/tensor';

/** The sizes of the named axes in the samples. */
export const sizes: Readonly<Record<string, number>> = { rows: 3, groups: 2, width: 2, slots: 4 };

/** A small use of an op. */
export interface Sample {
  readonly name: string;
  /** The shapes of the inputs to differentiate by. */
  readonly shapes: readonly (readonly Dim[])[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Draws inputs from 0.5 … 1.5 instead of −1 … 1. */
  readonly positive?: boolean;
}

const matrix = ['rows', 4] as const;
const unary = (build: (x: Tensor) => Tensor, positive = false): Sample[] => [
  { name: 'a matrix', shapes: [matrix], build, positive },
];

function binary(build: (a: Tensor, b: Tensor) => Tensor, positive = false): Sample[] {
  return [
    { name: 'equal shapes', shapes: [matrix, matrix], build, positive },
    { name: 'a row that broadcasts', shapes: [matrix, [4]], build, positive },
    {
      name: 'a column and a row',
      shapes: [
        ['rows', 1],
        [1, 4],
      ],
      build,
      positive,
    },
    { name: 'a scalar on the left', shapes: [[], matrix], build, positive },
  ];
}

const flags = [false, true];
const gemms = flags.flatMap((transA) =>
  flags.map((transB) => ({
    name: `transA ${transA}, transB ${transB}`,
    shapes: [transA ? [4, 'rows'] : ['rows', 4], transB ? [2, 4] : [4, 2]] as Dim[][],
    build: (a: Tensor, b: Tensor) => gemm(a, b, { transA, transB, alpha: 0.7 }),
  })),
);

/** Angles of three tokens, for two pairs of dimensions in each head. */
function tables(): { cos: Tensor; sin: Tensor; negativeSin: Tensor } {
  const angles = [0, 0, 1, 0.1, 2, 0.2];
  const table = (of: (angle: number) => number): Tensor => constant(Float32Array.from(angles, of), [3, 2]);
  return { cos: table(Math.cos), sin: table(Math.sin), negativeSin: table((angle) => -Math.sin(angle)) };
}

/** Puts three rows into two groups of two slots. The fourth slot repeats row 0, and nothing reads it. */
const unpack = constant(BigInt64Array.of(0n, 1n, 2n, 0n), [2, 2]);
const pack = integers([0, 1, 2]);
const slotFactors = constant(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), [2, 2, 4]);

function logSumExp(x: Tensor): Tensor {
  const top = detach(reduceMax(x, [-1], true));
  return add(log(reduceSum(exp(sub(x, top)), [-1], true)), top);
}

/**
 * By op: the uses that the finite-difference test of its gradient rule differentiates. The compiler asks for each rule.
 */
export const samples: Readonly<Record<DifferentiableOp, readonly Sample[]>> = {
  Add: binary(add),
  Sub: binary(sub),
  Mul: binary(mul),
  Div: binary(div, true),
  Neg: unary(neg),
  Exp: unary(exp),
  Log: unary(log, true),
  Sqrt: unary(sqrt, true),
  Tanh: unary(tanh),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  // Both signs, but away from 0, where a difference would cross the corner.
  Relu: unary((x) => relu(mul(x, constant(Float32Array.of(1, -1, 1, -1), [4]))), true),
  QuickGelu: unary(silu),
  Gelu: [...unary(gelu), ...unary(geluTanh)],
  Gemm: [
    ...gemms,
    {
      name: 'plus a matrix',
      shapes: [matrix, [4, 2], ['rows', 2]],
      build: (a, b, plus) => gemm(a, b, { alpha: 0.7, plus }),
    },
    { name: 'plus a row', shapes: [matrix, [4, 2], [2]], build: (a, b, plus) => gemm(a, b, { plus }) },
  ],
  MatMul: [
    {
      name: 'attention weights times values',
      shapes: [
        [2, 3, 'rows', 'rows'],
        [2, 1, 'rows', 4],
      ],
      build: matmul,
    },
    {
      name: 'batches',
      shapes: [
        [2, 'rows', 4],
        [2, 4, 2],
      ],
      build: matmul,
    },
    {
      name: 'a stretched batch',
      shapes: [
        [2, 3, 'rows', 4],
        [2, 1, 4, 2],
      ],
      build: matmul,
    },
    {
      name: 'a batch of the left side only',
      shapes: [
        [2, 'rows', 4],
        [4, 2],
      ],
      build: matmul,
    },
  ],
  ReduceSum: [
    { name: 'one axis, kept', shapes: [matrix], build: (x) => reduceSum(x, [-1], true) },
    { name: 'one axis, dropped', shapes: [matrix], build: (x) => reduceSum(x, [0]) },
    { name: 'all axes', shapes: [matrix], build: (x) => reduceSum(x) },
  ],
  ReduceMean: [
    { name: 'one axis, kept', shapes: [matrix], build: (x) => reduceMean(x, [-1], true) },
    { name: 'one axis, dropped', shapes: [matrix], build: (x) => reduceMean(x, [0]) },
    { name: 'all axes', shapes: [matrix], build: (x) => reduceMean(x) },
  ],
  Softmax: unary(softmax),
  SimplifiedLayerNormalization: [
    { name: 'input and gain', shapes: [matrix, [4]], build: (x, gain) => rmsNorm(x, gain, 1e-5) },
  ],
  LayerNormalization: [
    {
      name: 'input, gain and bias',
      shapes: [matrix, [4], [4]],
      build: (x, gain, bias) => layerNorm(x, gain, bias, 1e-5),
    },
  ],
  RotaryEmbedding: [
    { name: 'two heads', shapes: [[1, 3, 8]], build: (x) => rotary(x, tables()) },
    {
      name: 'four of six dimensions of each head',
      shapes: [[1, 3, 12]],
      build: (x) => rotary(x, tables(), { heads: 2, dims: 4 }),
    },
  ],
  Reshape: [
    { name: 'one unknown size', shapes: [matrix], build: (x) => reshape(x, ['rows', 2, 2]) },
    { name: 'two unknown sizes become one', shapes: [['groups', 'width', 4]], build: (x) => reshape(x, ['slots', 4]) },
  ],
  Transpose: [
    { name: 'three axes', shapes: [['rows', 2, 4]], build: (x) => transpose(x, [2, 0, 1]) },
    {
      name: 'a transposition of a transposition',
      shapes: [['rows', 2, 4]],
      build: (x) => transpose(transpose(x, [2, 0, 1]), [1, 0, 2]),
    },
  ],
  Concat: [
    {
      name: 'columns',
      shapes: [
        ['rows', 2],
        ['rows', 1],
      ],
      build: (a, b) => concat([a, b], 1, 3),
    },
  ],
  Slice: [{ name: 'inner columns', shapes: [matrix], build: (x) => slice(x, 1, 1, 3) }],
  Gather: [
    { name: 'a row twice, a row never', shapes: [matrix], build: (x) => gatherRows(x, integers([2, 0, 2, 2])) },
    {
      name: 'by a column of indices',
      shapes: [matrix],
      build: (x) => gatherRows(x, constant(BigInt64Array.of(2n, 0n, 2n), [3, 1])),
    },
  ],
  PermuteRows: [
    {
      name: 'into groups and back',
      shapes: [matrix],
      build: (x) => permuteRows(reshape(mul(permuteRows(x, unpack, pack), slotFactors), [4, 4]), pack, unpack),
    },
  ],
  GatherElements: [
    {
      name: 'one column of each row',
      shapes: [matrix],
      build: (x) => pick(x, constant(BigInt64Array.of(3n, 0n, 3n), [3, 1])),
    },
  ],
  Detach: [{ name: 'the largest element in log Σ exp, which cancels', shapes: [matrix], build: logSumExp }],
  WithLocalGradient: unary((x) => withLocalGradient(reduceSum(square(x), [-1], true), x, scale(x, 2))),
};
