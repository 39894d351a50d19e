import { entryOf } from './ops';
import { preparedWeights } from './prepared';
import { isTokenByToken } from './shapes';
import type { Tensor } from './tensor';
import { topological } from './topological';

/**
 * The same gradients with less of the forward pass kept in memory: the backward pass computes again, once and where it
 * first needs them, ops marked `recompute` in `ops.ts`, attention scores and their softmax, and prepared weights
 * (activation checkpointing, Chen et al. 2016, arXiv:1604.06174, with single ops in place of whole layers). The results
 * are the same bits.
 *
 * @param forward everything the loss is made from, in topological order
 */
export function withRecompute(gradients: readonly Tensor[], forward: ReadonlySet<Tensor>): Tensor[] {
  const prepared = preparedWeights([...forward]);
  // Attention scores and their softmax grow with the square of a row. On long rows they are as many numbers as the
  // rest of a layer, while the queries and keys they are made from grow with the row.
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
