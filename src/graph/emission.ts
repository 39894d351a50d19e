import type { Tensor } from './tensor';
import { depths, topological } from './topological';

/**
 * The order of nodes in the file. ONNX Runtime walks backwards from the leaves and enters the highest index first
 * (`onnxruntime/core/graph/graph_viewer.cc`, ReverseDFSFrom), so position decides when a node runs:
 *
 * - weights' casts stand first: entered last, they run right before their use (R1);
 * - of a node's inputs the one at the end of the longest chain stands last and runs first. In the backward pass that is the
 *   incoming gradient; what else a rule computes from the forward pass waits until the gradient has arrived (R2);
 * - leaves, which are gradients nobody reads on, stand last and in reverse order of availability: a layer's gradient is
 *   then taken as soon as the backward pass has reached that layer, and its activations are let go (R3).
 *
 * @param outputs in the order in which they become available
 */
export function emissionOrder(outputs: readonly Tensor[]): Tensor[] {
  const depth = depths(outputs);
  const shallowFirst = (inputs: readonly Tensor[]): Tensor[] => [...inputs].sort((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0));
  const order = topological(outputs, shallowFirst);
  const used = new Set(order.flatMap((tensor) => tensor.inputs));
  const isLeaf = (tensor: Tensor): boolean => tensor.inputs.length > 0 && !used.has(tensor);
  const isCast = (tensor: Tensor): boolean => tensor.op === 'Cast' && tensor.inputs[0]?.op === 'Weight';
  return [
    ...order.filter((tensor) => tensor.inputs.length === 0),
    ...order.filter(isCast),
    ...order.filter((tensor) => tensor.inputs.length > 0 && !isCast(tensor) && !isLeaf(tensor)),
    ...order.filter(isLeaf).reverse(),
  ];
}
