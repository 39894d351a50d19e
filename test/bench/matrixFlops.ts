import type { Dim, Tensor } from '../../src/graph/tensor';
import { topological } from '../../src/graph/topological';

/** Floating point operations of a graph's matrix products, each 2 · rows · inner · columns. */
export function matrixFlops(outputs: readonly Tensor[], sizeOf: (name: string) => number): number {
  const size = (dim: Dim | undefined): number => (typeof dim === 'number' ? dim : dim === undefined ? 1 : sizeOf(dim));
  const results = (tensor: Tensor): number => tensor.shape.reduce<number>((product, dim) => product * size(dim), 1);
  let total = 0;
  for (const tensor of topological(outputs)) {
    const [left] = tensor.inputs;
    if (tensor.op === 'Gemm') total += 2 * results(tensor) * size(left?.shape[tensor.attributes.transA === 1 ? 0 : 1]);
    if (tensor.op === 'MatMul') total += 2 * results(tensor) * size(left?.shape.at(-1));
  }
  return total;
}
