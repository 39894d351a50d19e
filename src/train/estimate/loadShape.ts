import type { Model } from '../../model/architectures/architecture';
import type { LoadShape } from './types';

/**
 * The numbers that the forward pass keeps for the backward pass: for each token the inputs and outputs of all linear
 * layers, and for each head and pair of slots the attention score and its softmax. Numbers that only one layer needs
 * are left out. Only proportions matter, because a line through measured batches turns them into bytes.
 */
export function loadShape({ linears, attention }: Pick<Model, 'linears' | 'attention'>): LoadShape {
  const token = [...linears.values()].reduce((sum, { inFeatures, outFeatures }) => sum + inFeatures + outFeatures, 0);
  return { token, slot: 2 * attention.reduce((sum, { heads }) => sum + heads, 0) };
}
