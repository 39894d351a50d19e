import { detach, matmul, reduceSum } from './algebra';
import { add, equal, greater, mul, toF32 } from './elementwise';
import { expandLike, reshape } from './structure';
import { integers, node, scalar, type Tensor } from './tensor';

/**
 * `x` ([n]) from its smallest element to its largest, equal ones in their order. The order itself has no gradient; what
 * is ordered has.
 *
 * ONNX Runtime's WebGPU has no kernel that sorts, so elements are counted that come before each ([n, n]: pairs of a
 * micro-batch), and put there by a product with ones and zeros, which is exact.
 */
export function sortAscending(x: Tensor): Tensor {
  const [n = 1] = x.shape;
  const column = (values: Tensor): Tensor => reshape(values, [n, 1]);
  const row = (values: Tensor): Tensor => reshape(values, [1, n]);
  const place = node('CumSum', [expandLike(scalar(1), x), integers([0])], [n]);
  const isAbove = toF32(greater(column(x), row(x)));
  const isBehind = mul(toF32(equal(column(x), row(x))), toF32(greater(column(place), row(place))));
  const rank = add(reduceSum(add(isAbove, isBehind), [1]), scalar(1));
  const order = detach(toF32(equal(column(place), row(rank))));
  return reshape(matmul(order, column(x)), [n]);
}
