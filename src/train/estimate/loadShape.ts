import type { Model } from '../../model/architectures/architecture';
import type { LoadShape } from './types';

/**
 * What the backward pass finds of the forward one, but for what comes and goes within a layer: what each linear layer
 * took and gave a token; and of attention, a head and a pair of places, the scores and their softmax. Only proportions
 * count: the line through measured batches turns them into bytes.
 */
export function loadShape({ linears, attention }: Pick<Model, 'linears' | 'attention'>): LoadShape {
  const token = [...linears.values()].reduce((sum, { inFeatures, outFeatures }) => sum + inFeatures + outFeatures, 0);
  return { token, slot: 2 * attention.reduce((sum, { heads }) => sum + heads, 0) };
}
