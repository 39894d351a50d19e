import { must } from '../base/pure/must';
import { preparedWeights } from './prepared';
import type { Tensor } from './tensor';
import { depths, topological } from './topological';

/**
 * The order of nodes in the ONNX file. ONNX Runtime walks backwards from the leaves and enters the node with the
 * highest index first (`onnxruntime/core/graph/graph_viewer.cc`, ReverseDFSFrom). So the position of a node decides
 * when it runs:
 *
 * - Nodes that prepare a weight come first in the file. They are entered last and run right before the weight is used
 *   (R1).
 * - Of a node's inputs, the one at the end of the longest chain comes last and runs first. In the backward pass that is
 *   the incoming gradient; everything else that a rule computes from the forward pass waits for the gradient (R2).
 * - Leaves, which are gradients that no other node reads, come at the end, in reverse order of availability. So a
 *   layer's gradients are computed as soon as the backward pass reaches the layer, and its activations are freed (R3).
 *
 * A fourth rule, R4, is in `engine/head.ts`: each chunk of the head has one result.
 *
 * @param outputs in the order in which they become available
 */
export function emissionOrder(outputs: readonly Tensor[]): Tensor[] {
  const depth = depths(outputs);
  const depthOf = (tensor: Tensor): number => must(depth.get(tensor), 'the depth of a tensor');
  const shallowFirst = (inputs: readonly Tensor[]): Tensor[] => inputs.toSorted((a, b) => depthOf(a) - depthOf(b));
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
