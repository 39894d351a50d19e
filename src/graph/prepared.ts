import type { Tensor } from './tensor';

/**
 * Of tensors in topological order those that ops make of frozen weights alone: 16 bits being widened, quants being
 * unpacked. They are made where they are used and let go again, in the forward and in the backward pass, or a model
 * stored narrow would lie there in f32 all the same.
 */
export function preparedWeights(order: readonly Tensor[]): ReadonlySet<Tensor> {
  const prepared = new Set<Tensor>();
  const isFrozen = (tensor: Tensor): boolean => tensor.op === 'Weight' || prepared.has(tensor);
  for (const tensor of order) {
    const { inputs } = tensor;
    if (inputs.some(isFrozen) && inputs.every((input) => isFrozen(input) || input.op === 'Constant'))
      prepared.add(tensor);
  }
  return prepared;
}
