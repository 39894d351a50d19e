import { gemm, matmul, softmax } from '../graph/algebra';
import { add } from '../graph/elementwise';
import { concat, gatherRows, reshape, splitLast, transpose } from '../graph/structure';
import { input, type Tensor } from '../graph/tensor';
import type { Attention, Model } from '../model/architectures/architecture';
import { capped, scaleQueries, weigh, windowedMasks } from './attention';
import type { GraphWeights } from './weights';

/*
 * Two graphs generate: one reads a prompt, one goes on by a token of every sequence. Both tell each layer's keys and values
 * of the tokens they saw, [rows, kvHeads·headDim], which the caller keeps: a cache that went in and out again would be
 * copied at every token.
 */

type Outputs = Record<string, Tensor>;

/** Reads one whole prompt; `logits` are those after its last token, [1, vocabulary]. */
export function promptGraph(model: Model, weights: GraphWeights): Outputs {
  const outputs: Outputs = {};
  const places = input('places', 'f32', ['rows', 1]);
  const masks = windowedMasks(input('mask', 'f32', ['rows', 'rows']), places, reshape(places, [1, 'rows']));
  const attend: Attention = (shape, q, k, v) => {
    const { layer, heads, kvHeads, headDim, softcap, window } = shape;
    keep(outputs, layer, k, v);
    const grouped = (x: Tensor, group: number, perm: readonly number[]): Tensor => transpose(reshape(x, ['rows', kvHeads, group, headDim]), perm);
    const queries = grouped(scaleQueries(q, shape), heads / kvHeads, [1, 2, 0, 3]);
    const seen = weigh(queries, grouped(k, 1, [1, 2, 3, 0]), grouped(v, 1, [1, 2, 0, 3]), masks(window), softcap);
    return reshape(transpose(seen, [2, 0, 1, 3]), ['rows', heads * headDim]);
  };
  const hidden = body(model, weights, places, attend);
  return { ...outputs, logits: logitsOf(model, weights, gatherRows(hidden, input('last', 'i64', [1]))) };
}

/**
 * One more token of each sequence, a row each, over the cache of what came before: keys [rows, kvHeads, headDim, past] and
 * values [rows, kvHeads, past, headDim], whose places beyond a sequence's length `mask` hides.
 */
export function nextTokenGraph(model: Model, weights: GraphWeights): Outputs {
  const outputs: Outputs = {};
  const places = input('places', 'f32', ['rows', 1]);
  const sizes = input('sizes', 'i64', [2]);
  const masks = windowedMasks(input('mask', 'f32', ['rows', 1, 1, 'total']), reshape(places, ['rows', 1, 1, 1]), input('keyPlaces', 'f32', ['rows', 1, 1, 'total']));
  const attend: Attention = (shape, q, k, v) => {
    const { layer, heads, kvHeads, headDim, softcap, window } = shape;
    keep(outputs, layer, k, v);
    const pastKeys = input(`past.keys.${layer}`, 'f32', ['rows', kvHeads, headDim, 'past']);
    const pastValues = input(`past.values.${layer}`, 'f32', ['rows', kvHeads, 'past', headDim]);
    const queries = reshape(scaleQueries(q, shape), ['rows', kvHeads, heads / kvHeads, headDim]);
    const own = matmul(queries, reshape(k, ['rows', kvHeads, headDim, 1]));
    const scores = concat([matmul(queries, pastKeys), own], -1, 'total');
    const [before, last] = splitLast(softmax(add(capped(scores, softcap), masks(window))), sizes, ['past', 1]);
    const seen = add(matmul(before, pastValues), matmul(last, reshape(v, ['rows', kvHeads, 1, headDim])));
    return reshape(seen, ['rows', heads * headDim]);
  };
  const hidden = body(model, weights, places, attend);
  return { ...outputs, logits: logitsOf(model, weights, hidden) };
}

function keep(outputs: Outputs, layer: number, k: Tensor, v: Tensor): void {
  outputs[`keys.${layer}`] = k;
  outputs[`values.${layer}`] = v;
}

function body(model: Model, weights: GraphWeights, places: Tensor, attend: Attention): Tensor {
  return model.body({
    weights,
    ids: input('ids', 'i64', ['rows']),
    positions: input('positions', 'i64', ['rows']),
    places,
    spans: input('spans', 'f32', ['rows', 1]),
    attend,
  });
}

function logitsOf(model: Model, weights: GraphWeights, hidden: Tensor): Tensor {
  return capped(gemm(model.norm(hidden, { weights }), weights.matrix(model.head), { transB: true }), model.logitSoftcap);
}
