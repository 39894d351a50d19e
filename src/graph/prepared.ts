import type { Tensor } from './tensor';

/**
 * Tensors that ops make from frozen weights and constants only: 16-bit weights converted to f32, and unpacked quantised
 * weights. The forward and the backward pass each compute them where they use them and free them afterwards. Kept, they
 * would be an f32 copy of the whole model.
 *
 * @param order tensors in topological order
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
