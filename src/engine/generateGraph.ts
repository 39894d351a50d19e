import { matmul, softmax } from '../graph/algebra';
import { add } from '../graph/elementwise';
import { concat, gatherRows, permuteRows, reshape, splitLast, transpose } from '../graph/structure';
import { input, type Dim, type Tensor } from '../graph/tensor';
import type { Attention, Model } from '../model/architectures/architecture';
import { capped, scaleQueries, windowedMasks } from './attention';
import type { GraphWeights } from './weights';

/**
 * Some more tokens of each sequence, over the cache of what came before: keys [rows, kvHeads, 1, headDim, past] and
 * values [rows, kvHeads, 1, past, headDim], whose places beyond a sequence's length `mask` hides. Tokens lie flat, and
 * only attention unpacks them to [rows, new].
 *
 * Tells each layer's keys and values of the tokens it saw, [tokens, kvHeads·headDim], which the caller keeps: a cache
 * that went in and out again would be copied at every token. `logits` [predictors, vocabulary] are those after the
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
    attend: overCache(places, (layer, k, v) => {
      outputs[`keys.${layer}`] = k;
      outputs[`values.${layer}`] = v;
    }),
  });
  const asked = gatherRows(hidden, input('predictors', 'i64', ['predictors']));
  return { ...outputs, logits: capped(weights.head(model.norm(asked, { weights })), model.logitSoftcap) };
}

function overCache(places: Tensor, keep: (layer: number, k: Tensor, v: Tensor) => void): Attention {
  const [unpack, pack, sizes] = [
    input('unpack', 'i64', ['rows', 'new']),
    input('pack', 'i64', ['tokens']),
    input('sizes', 'i64', [2]),
  ];
  const queryPlaces = reshape(permuteRows(places, unpack, pack), ['rows', 1, 1, 'new', 1]);
  const masks = windowedMasks(
    input('mask', 'f32', ['rows', 1, 1, 'new', 'total']),
    queryPlaces,
    input('keyPlaces', 'f32', ['rows', 1, 1, 1, 'total']),
  );
  const out = (x: Tensor, shape: readonly Dim[], perm: readonly number[]): Tensor =>
    transpose(reshape(permuteRows(x, unpack, pack), ['rows', 'new', ...shape]), perm);

  return (shape, q, k, v) => {
    const { layer, heads, kvHeads, headDim, softcap, window } = shape;
    keep(layer, k, v);
    const pastKeys = input(`past.keys.${layer}`, 'f32', ['rows', kvHeads, 1, headDim, 'past']);
    const pastValues = input(`past.values.${layer}`, 'f32', ['rows', kvHeads, 1, 'past', headDim]);
    const queries = out(scaleQueries(q, shape), [kvHeads, heads / kvHeads, headDim], [0, 2, 3, 1, 4]);
    const [keys, values] = [
      out(k, [kvHeads, 1, headDim], [0, 2, 3, 4, 1]),
      out(v, [kvHeads, 1, headDim], [0, 2, 3, 1, 4]),
    ];
    const scores = concat([matmul(queries, pastKeys), matmul(queries, keys)], -1, 'total');
    const [before, own] = splitLast(softmax(add(capped(scores, softcap), masks(window))), sizes, ['past', 'new']);
    const seen = transpose(add(matmul(before, pastValues), matmul(own, values)), [0, 3, 1, 2, 4]);
    const rows = reshape(reshape(seen, ['rows', 'new', heads * headDim]), ['slots', heads * headDim]);
    return permuteRows(rows, pack, unpack);
  };
}
