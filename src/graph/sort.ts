import { at } from '../base/pure/must';
import { detach, matmul, reduceSum } from './algebra';
import { add, equal, greater, mul, toF32 } from './elementwise';
import { expandLike, reshape } from './structure';
import { integers, nodeLikeFirst, scalar, type Tensor } from './tensor';

/**
 * Sorts `x` in ascending order; equal elements keep their order. The gradient flows to the elements, not to the order.
 *
 * ONNX Runtime's WebGPU has no sort kernel. So the graph counts for each element how many come before it, which gives
 * its rank, and multiplies by the permutation matrix of the ranks. A product with ones and zeros is exact. The counts
 * take [n, n] numbers, which is small because n is the pairs of a micro-batch.
 *
 * @param x [n]
 * @returns [n]
 */
export function sortAscending(x: Tensor): Tensor {
  const n = at(x.shape, 0);
  const column = (values: Tensor): Tensor => reshape(values, [n, 1]);
  const row = (values: Tensor): Tensor => reshape(values, [1, n]);
  const index = nodeLikeFirst('CumSum', [expandLike(scalar(1), x), integers([0])]);
  const isGreater = toF32(greater(column(x), row(x)));
  const isEqualAndLater = mul(toF32(equal(column(x), row(x))), toF32(greater(column(index), row(index))));
  const rank = add(reduceSum(add(isGreater, isEqualAndLater), [1]), scalar(1));
  const permutation = detach(toF32(equal(column(index), row(rank))));
  return reshape(matmul(permutation, column(x)), [n]);
}
