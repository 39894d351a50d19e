import { entryOf } from './ops';
import { preparedWeights } from './prepared';
import { isTokenByToken } from './shapes';
import type { Tensor } from './tensor';
import { topological } from './topological';

/**
 * Activation checkpointing (Chen et al. 2016, arXiv:1604.06174), for single ops instead of whole layers. The forward
 * pass does not keep some tensors for the backward pass: ops marked `recompute` in `ops.ts`, attention scores and their
 * softmax, and prepared weights. The backward pass computes each of them again, once, where it first needs it. The
 * gradients are the same, bit for bit.
 *
 * @param forward all tensors that the loss depends on, in topological order
 */
export function withRecompute(gradients: readonly Tensor[], forward: ReadonlySet<Tensor>): Tensor[] {
  const prepared = preparedWeights([...forward]);
  // Attention scores and their softmax grow with the square of a row's length. On long rows they are as many numbers as
  // the rest of a layer. The queries and keys that they are computed from grow only linearly.
  const isRecomputed = ({ op, inputs, shape }: Tensor): boolean =>
    inputs.length > 0 && (entryOf(op).recompute === true || isTokenByToken(shape));
  const copies = new Map<Tensor, Tensor>();
  for (const tensor of topological(gradients)) {
    const isForward = forward.has(tensor);
    if (isForward && !isRecomputed(tensor) && !prepared.has(tensor)) continue;
    const inputs = tensor.inputs.map((input) => copies.get(input) ?? input);
    if (isForward || inputs.some((input, i) => input !== tensor.inputs[i])) copies.set(tensor, { ...tensor, inputs });
  }
  return gradients.map((gradient) => copies.get(gradient) ?? gradient);
}
