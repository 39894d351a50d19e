import { input, type Tensor } from '../graph/tensor';
import type { Model } from '../model/architectures/architecture';
import { packedAttention } from './attention';
import type { GraphWeights } from './weights';

/**
 * The forward pass over a packed batch up to the final norm: [tokens, hidden]. The inputs have the names of the arrays
 * in `PackedBatch`; `places` are the positions as f32. These names are part of the graph's bytes, and so of cache keys.
 */
export function packedHidden(model: Model, weights: GraphWeights): Tensor {
  const places = input('places', 'f32', ['tokens', 1]);
  return model.body({
    weights,
    ids: input('ids', 'i64', ['tokens', 1]),
    positions: input('positions', 'i64', ['tokens', 1]),
    floatPositions: places,
    sequenceLengths: input('spans', 'f32', ['tokens', 1]),
    attend: packedAttention({
      places,
      unpack: input('unpack', 'i64', ['groups', 'width']),
      pack: input('pack', 'i64', ['tokens']),
      mask: input('mask', 'f32', ['groups', 1, 1, 'width', 'width']),
    }),
  });
}
