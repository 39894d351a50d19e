import { gemm } from '../graph/algebra';
import { concat, gatherRows, reshape, transpose, transposeLast } from '../graph/structure';
import { scale, tanh } from '../graph/elementwise';
import { input, type Tensor } from '../graph/tensor';
import type { Attention, Model } from '../model/architectures/architecture';
import type { Parameter } from '../model/types';
import { scaleQueries, weigh, windowedMasks } from './attention';
import { parameterFeeds } from './feeds';
import { drawToken } from './drawToken';
import { seededRandom } from './random';
import { f32, i64, Program, type Feeds } from './runtime';
import type { GenerateOptions, GenerateSession, SessionOptions } from './types';
import { GraphWeights } from './weights';

/** Generation with a cache of keys and values: each run sees new tokens only. */
export async function openGenerateSession({ checkpoint, adapter, weights = new Map(), threads, device }: SessionOptions): Promise<GenerateSession> {
  const { model } = checkpoint;
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const program = await Program.compile(cachedGraph(model, graph), { threads, device, prepack: true });
  const parameters = new Map<string, Parameter>([...weights, ...(adapter?.parameters ?? [])]);
  return {
    generate: (prompt, options) => generate(program, model, () => parameterFeeds(graph.inputs, parameters), prompt, options),
    release: () => program.release(),
  };
}

/** Outputs: logits of the last token, and each layer's keys and values with the new ones at their end. */
function cachedGraph(model: Model, weights: GraphWeights): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  const places = input('places', 'f32', ['rows', 1]);
  const hidden = model.body({
    weights,
    ids: input('ids', 'i64', ['rows']),
    positions: input('positions', 'i64', ['rows']),
    places,
    spans: input('spans', 'f32', ['rows', 1]),
    attend: cachedAttention(places, outputs),
  });
  const last = model.norm(gatherRows(hidden, input('last', 'i64', [1])), { weights });
  const logits = gemm(last, weights.matrix(model.head), { transB: true });
  const cap = model.logitSoftcap;
  return { ...outputs, logits: cap === null ? logits : scale(tanh(scale(logits, 1 / cap)), cap) };
}

function cachedAttention(places: Tensor, outputs: Record<string, Tensor>): Attention {
  const masks = windowedMasks(input('mask', 'f32', ['rows', 'total']), places, input('keyPlaces', 'f32', [1, 'total']));
  return (shape, q, k, v) => {
    const { layer, heads, kvHeads, headDim, softcap } = shape;
    const extend = (kind: 'keys' | 'values', x: Tensor): Tensor => {
      const past = input(`past.${kind}.${layer}`, 'f32', [kvHeads, 'past', headDim]);
      const fresh = transpose(reshape(x, ['rows', kvHeads, headDim]), [1, 0, 2]);
      const all = concat([past, fresh], 1, 'total');
      outputs[`${kind}.${layer}`] = all;
      return reshape(all, [kvHeads, 1, 'total', headDim]);
    };
    const keys = transposeLast(extend('keys', k));
    const values = extend('values', v);
    const queries = transpose(reshape(scaleQueries(q, shape), ['rows', kvHeads, heads / kvHeads, headDim]), [1, 2, 0, 3]);
    const rows = transpose(weigh(queries, keys, values, masks(shape.window), softcap), [2, 0, 1, 3]);
    return reshape(rows, ['rows', heads * headDim]);
  };
}

async function* generate(
  program: Program,
  { attention, maxPositions }: Model,
  parameters: () => Feeds,
  prompt: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<number> {
  const random = seededRandom(options.seed);
  // All that this answer can reach: keys in the cache cannot be turned anew when a longer context sets in.
  const span = Math.min(maxPositions, prompt.length + options.maxNewTokens);
  let cache: Record<string, Float32Array> = {};
  let past = 0;
  let fresh = [...prompt];
  for (let drawn = 0; drawn < options.maxNewTokens && past + fresh.length <= maxPositions; drawn++) {
    if (options.signal?.aborted) return;
    const results = await program.run({ ...parameters(), ...stepFeeds(fresh, past, span), ...cacheFeeds(attention, cache, past) });
    past += fresh.length;
    cache = results;
    const id = drawToken(results.logits ?? new Float32Array(), options, random);
    if (options.stopIds.has(id)) return;
    yield id;
    fresh = [id];
  }
}

function cacheFeeds(attention: Model['attention'], cache: Readonly<Record<string, Float32Array>>, past: number): Feeds {
  const names = attention.flatMap(({ layer, kvHeads, headDim }) => ['keys', 'values'].map((kind) => ({ name: `${kind}.${layer}`, shape: [kvHeads, past, headDim] })));
  return Object.fromEntries(names.map(({ name, shape }) => [`past.${name}`, f32(cache[name] ?? new Float32Array(), shape)]));
}

function stepFeeds(fresh: readonly number[], past: number, span: number): Feeds {
  const [rows, total] = [fresh.length, past + fresh.length];
  const mask = new Float32Array(rows * total);
  for (let row = 0; row < rows; row++) mask.fill(-1e9, row * total + past + row + 1, (row + 1) * total);
  return {
    ids: i64(BigInt64Array.from(fresh, BigInt), [rows]),
    positions: i64(BigInt64Array.from(fresh, (_, i) => BigInt(past + i)), [rows]),
    places: f32(Float32Array.from(fresh, (_, i) => past + i), [rows, 1]),
    spans: f32(new Float32Array(rows).fill(span), [rows, 1]),
    mask: f32(mask, [rows, total]),
    keyPlaces: f32(Float32Array.from({ length: total }, (_, i) => i), [1, total]),
    last: i64(BigInt64Array.of(BigInt(rows - 1)), [1]),
  };
}
