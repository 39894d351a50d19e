import { preparedWeights } from './prepared';
import type { Tensor } from './tensor';
import { depths, topological } from './topological';

/**
 * The order of nodes in the file. ONNX Runtime walks backwards from the leaves and enters the highest index first
 * (`onnxruntime/core/graph/graph_viewer.cc`, ReverseDFSFrom), so position decides when a node runs:
 *
 * - what prepares a weight stands first: entered last, it runs right before the weight's use (R1);
 * - of a node's inputs the one at the end of the longest chain stands last and runs first. In the backward pass that is
 * the
 *   incoming gradient; what else a rule computes from the forward pass waits until the gradient has arrived (R2);
 * - leaves, which are gradients nobody reads on, stand last and in reverse order of availability: a layer's gradient is
 *   then taken as soon as the backward pass has reached that layer, and its activations are let go (R3).
 *
 * @param outputs in the order in which they become available
 */
export function emissionOrder(outputs: readonly Tensor[]): Tensor[] {
  const depth = depths(outputs);
  const shallowFirst = (inputs: readonly Tensor[]): Tensor[] =>
    [...inputs].sort((a, b) => (depth.get(a) ?? 0) - (depth.get(b) ?? 0));
  const order = topological(outputs, shallowFirst);
  const used = new Set(order.flatMap((tensor) => tensor.inputs));
  const isLeaf = (tensor: Tensor): boolean => tensor.inputs.length > 0 && !used.has(tensor);
  const prepared = preparedWeights(order);
  return [
    ...order.filter((tensor) => tensor.inputs.length === 0),
    ...order.filter((tensor) => prepared.has(tensor)),
    ...order.filter((tensor) => tensor.inputs.length > 0 && !prepared.has(tensor) && !isLeaf(tensor)),
    ...order.filter((tensor) => isLeaf(tensor) && !prepared.has(tensor)).reverse(),
  ];
}
