import { matmul, softmax } from '../graph/algebra';
import { add } from '../graph/elementwise';
import { concat, gatherRows, permuteRows, reshape, splitLast, transpose } from '../graph/structure';
import { input, type Dim, type Tensor } from '../graph/tensor';
import type { Attention, Model } from '../model/architectures/architecture';
import { capped, scaleQueries, windowedMasks } from './attention';
import type { GraphWeights } from './weights';

/**
 * A graph that reads new tokens of each sequence over a cache of the keys and values before them. The tokens are flat
 * rows; only attention unpacks them to [rows, new]. `mask` hides what a sequence does not fill of the cache.
 *
 * Inputs besides those of `continuationFeeds`, for each layer N: `past.keys.N` [rows, kvHeads, 1, headDim, past] and
 * `past.values.N` [rows, kvHeads, 1, past, headDim].
 *
 * Outputs: `keys.N` and `values.N` [tokens, kvHeads·headDim] of the new tokens, which the caller writes to its cache (a
 * cache that went through the graph would be copied for every token); `logits` [predictors, vocabulary] after the
 * tokens asked for.
 */
export function continuationGraph(model: Model, weights: GraphWeights): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  const places = input('places', 'f32', ['tokens', 1]);
  const hidden = model.body({
    weights,
    ids: input('ids', 'i64', ['tokens']),
    positions: input('positions', 'i64', ['tokens']),
    floatPositions: places,
    sequenceLengths: input('spans', 'f32', ['tokens', 1]),
    attend: attentionOverCache(places, (layer, k, v) => {
      outputs[`keys.${layer}`] = k;
      outputs[`values.${layer}`] = v;
    }),
  });
  const predictors = gatherRows(hidden, input('predictors', 'i64', ['predictors']));
  return { ...outputs, logits: capped(weights.head(model.norm(predictors, { weights })), model.logitSoftcap) };
}

/** Attention to the cache and to the new tokens. @param keep receives each layer's new keys and values */
function attentionOverCache(places: Tensor, keep: (layer: number, k: Tensor, v: Tensor) => void): Attention {
  const [unpack, pack, sizes] = [
    input('unpack', 'i64', ['rows', 'new']),
    input('pack', 'i64', ['tokens']),
    input('sizes', 'i64', [2]),
  ];
  const queryPositions = reshape(permuteRows(places, unpack, pack), ['rows', 1, 1, 'new', 1]);
  const masks = windowedMasks(
    input('mask', 'f32', ['rows', 1, 1, 'new', 'total']),
    queryPositions,
    input('keyPlaces', 'f32', ['rows', 1, 1, 1, 'total']),
  );
  const unpacked = (x: Tensor, shape: readonly Dim[], perm: readonly number[]): Tensor =>
    transpose(reshape(permuteRows(x, unpack, pack), ['rows', 'new', ...shape]), perm);

  return (shape, q, k, v) => {
    const { layer, heads, kvHeads, headDim, softcap, window } = shape;
    keep(layer, k, v);
    const pastKeys = input(`past.keys.${layer}`, 'f32', ['rows', kvHeads, 1, headDim, 'past']);
    const pastValues = input(`past.values.${layer}`, 'f32', ['rows', kvHeads, 1, 'past', headDim]);
    const queries = unpacked(scaleQueries(q, shape), [kvHeads, heads / kvHeads, headDim], [0, 2, 3, 1, 4]);
    const [keys, values] = [
      unpacked(k, [kvHeads, 1, headDim], [0, 2, 3, 4, 1]),
      unpacked(v, [kvHeads, 1, headDim], [0, 2, 3, 1, 4]),
    ];
    const scores = concat([matmul(queries, pastKeys), matmul(queries, keys)], -1, 'total');
    const [onPast, onNew] = splitLast(softmax(add(capped(scores, softcap), masks(window))), sizes, ['past', 'new']);
    const attended = transpose(add(matmul(onPast, pastValues), matmul(onNew, values)), [0, 3, 1, 2, 4]);
    const rows = reshape(reshape(attended, ['rows', 'new', heads * headDim]), ['slots', heads * headDim]);
    return permuteRows(rows, pack, unpack);
  };
}
