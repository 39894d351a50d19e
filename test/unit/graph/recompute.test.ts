import { describe, expect, it } from 'vitest';
import { gemm, matmul, reduceSum, rmsNorm, softmax } from '../../../src/graph/algebra';
import { add, dequantize, mul, silu, tanh, toF32 } from '../../../src/graph/elementwise';
import { emissionOrder } from '../../../src/graph/emission';
import { gradients } from '../../../src/graph/gradients';
import { reshape, transposeLast } from '../../../src/graph/structure';
import { input, weight, type Tensor } from '../../../src/graph/tensor';
import { topological } from '../../../src/graph/topological';

const x = input('x', 'f32', [3, 4]);
const matrix = (name: string): Tensor => input(name, 'f32', [4, 4]);
const stored = weight('w', 'bf16', [4, 4], { file: 'model.safetensors', offset: 0, bytes: 32 });

/** Ops of the forward pass whose results the gradients read. Leaves out `Shape`, which reads the shape of the sum. */
function kept(loss: Tensor, wanted: readonly Tensor[]): string[] {
  const forward = new Set(topological([loss]));
  const read = topological(gradients(loss, wanted)).flatMap((tensor) =>
    forward.has(tensor) || tensor.op === 'Shape'
      ? []
      : tensor.inputs.filter((one) => forward.has(one) && one.inputs.length > 0),
  );
  return [...new Set(read)].map(({ op }) => op).toSorted();
}

describe('the backward pass', () => {
  it('recomputes activations, their products and norms, and keeps their inputs', () => {
    const [a, b, down] = [matrix('a'), matrix('b'), matrix('down')];
    const normal = rmsNorm(add(x, gemm(x, matrix('o'))), input('gain', 'f32', [4]), 1e-5);
    const loss = reduceSum(gemm(mul(silu(gemm(normal, a)), gemm(normal, b)), down), [0, 1]);
    expect(kept(loss, [a, b, down, x])).toEqual(['Add', 'Gemm', 'Gemm']);
  });

  it('recomputes each of them once, even if several gradients read it', () => {
    const [a, b] = [matrix('a'), matrix('b')];
    const activation = silu(add(x, x));
    const loss = reduceSum(add(gemm(activation, a), gemm(activation, b)), [0, 1]);
    expect(kept(loss, [a, b])).toEqual(['Add']);
    expect(topological([loss, ...gradients(loss, [a, b])]).filter(({ op }) => op === 'QuickGelu')).toHaveLength(2);
  });

  it('keeps matrix products, and results that a gradient rule reads', () => {
    const a = matrix('a');
    expect(kept(reduceSum(tanh(gemm(tanh(gemm(x, matrix('b'))), a)), [0, 1]), [a])).toEqual(['Tanh', 'Tanh']);
  });

  it('recomputes attention scores and their softmax from queries and keys', () => {
    const wanted = ['q', 'k', 'v'].map(matrix);
    const [q = x, k = x, v = x] = wanted.map((weights) => gemm(input('x', 'f32', ['rows', 4]), weights));
    const loss = reduceSum(matmul(softmax(matmul(q, transposeLast(k))), v), [0, 1]);
    expect(kept(loss, wanted)).toEqual(['Gemm', 'Gemm', 'Transpose']);
  });

  it('unpacks a quantised weight again, with its scales and minimums', () => {
    const part = (name: string, dtype: 'u4' | 'f32', size: number): Tensor =>
      weight(name, dtype, [4, 2, size], { file: 'model.safetensors', offset: 0, bytes: 8 });
    const matrix4 = reshape(dequantize(part('q', 'u4', 2), part('scale', 'f32', 1), part('minimum', 'f32', 1)), [4, 4]);
    const loss = reduceSum(gemm(gemm(x, matrix('b')), matrix4), [0, 1]);
    expect(kept(loss, [x])).toEqual([]);
    const order = emissionOrder([loss, ...gradients(loss, [x])]).filter(({ inputs }) => inputs.length > 0);
    expect(
      order
        .slice(0, 6)
        .map(({ op }) => op)
        .toSorted(),
      'twice, before everything else in the file',
    ).toEqual(['Add', 'Add', 'DequantizeLinear', 'DequantizeLinear', 'Reshape', 'Reshape']);
  });

  it('converts a frozen 16-bit weight to f32 again', () => {
    const loss = reduceSum(gemm(gemm(x, matrix('b')), toF32(stored)), [0, 1]);
    expect(kept(loss, [x])).toEqual([]);
    expect(topological([loss, ...gradients(loss, [x])]).filter(({ op }) => op === 'Cast')).toHaveLength(2);
  });
});
