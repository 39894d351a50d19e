import { preparedWeights } from './prepared';
import type { Tensor } from './tensor';
import { topological } from './topological';

/**
 * Ops that cost a pass over their elements and whose gradient rule keeps all that they are made from: kept as well, their
 * results would be a third of a step's memory; made again in the backward pass they cost about 2 % of its time.
 */
const cheap: ReadonlySet<string> = new Set(['QuickGelu', 'Gelu', 'Mul', 'SimplifiedLayerNormalization', 'LayerNormalization']);

/**
 * The same gradients, for which the forward pass keeps less: what is cheap is computed again, once, where the backward
 * pass first needs it, and so are prepared weights (Chen et al. 2016, arXiv:1604.06174, with single ops in place of whole layers). Bits stay the same.
 *
 * @param forward all that the loss is made from, in topological order
 */
export function recomputing(gradients: readonly Tensor[], forward: ReadonlySet<Tensor>): Tensor[] {
  const prepared = preparedWeights([...forward]);
  const isCheap = (tensor: Tensor): boolean => cheap.has(tensor.op) || prepared.has(tensor);
  const again = new Map<Tensor, Tensor>();
  for (const tensor of topological(gradients)) {
    const isForward = forward.has(tensor);
    if (isForward && !isCheap(tensor)) continue;
    const inputs = tensor.inputs.map((input) => again.get(input) ?? input);
    if (isForward || inputs.some((input, i) => input !== tensor.inputs[i])) again.set(tensor, { ...tensor, inputs });
  }
  return gradients.map((gradient) => again.get(gradient) ?? gradient);
}
