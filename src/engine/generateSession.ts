import { gemm, type RotaryTables } from '../graph/algebra';
import { concat, gatherRows, reshape, transpose, transposeLast } from '../graph/structure';
import { input, type Tensor } from '../graph/tensor';
import { llamaBody, llamaHead, llamaNorm, type Attention } from '../model/architectures/llama';
import { rotaryTables } from '../model/architectures/rotaryTables';
import type { ModelConfig, Parameter } from '../model/types';
import { scaleQueries, turn, weigh } from './attention';
import { parameterFeeds } from './feeds';
import { drawToken } from './drawToken';
import { seededRandom } from './random';
import { f32, i64, Program, type Feeds } from './runtime';
import type { GenerateOptions, GenerateSession, SessionOptions } from './types';
import { GraphWeights } from './weights';

/** Generation with a cache of keys and values: each run sees new tokens only. */
export async function openGenerateSession({ checkpoint, adapter, weights = new Map(), threads }: SessionOptions): Promise<GenerateSession> {
  const { config } = checkpoint;
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const program = await Program.compile(cachedGraph(config, graph), { threads, prepack: true });
  const parameters = new Map<string, Parameter>([...weights, ...(adapter?.parameters ?? [])]);
  return {
    generate: (prompt, options) => generate(program, config, () => parameterFeeds(graph.inputs, parameters), prompt, options),
    release: () => program.release(),
  };
}

/** Outputs: logits of the last token, and each layer's keys and values with the new ones at their end. */
function cachedGraph(config: ModelConfig, graph: GraphWeights): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  const attend = cachedAttention(config, rotaryTables(config, config.maxPositions), outputs);
  const hidden = llamaBody(config, graph, input('ids', 'i64', ['rows']), attend);
  const last = llamaNorm(config, graph, gatherRows(hidden, input('last', 'i64', [1])));
  return { ...outputs, logits: gemm(last, graph.matrix(llamaHead(config)), { transB: true }) };
}

function cachedAttention({ heads, kvHeads, headDim }: ModelConfig, tables: RotaryTables, outputs: Record<string, Tensor>): Attention {
  const positions = input('positions', 'i64', ['rows', 1]);
  const mask = input('mask', 'f32', ['rows', 'total']);
  return (layer, q, k, v) => {
    const extend = (kind: 'keys' | 'values', x: Tensor): Tensor => {
      const past = input(`past.${kind}.${layer}`, 'f32', [kvHeads, 'past', headDim]);
      const fresh = transpose(reshape(x, ['rows', kvHeads, headDim]), [1, 0, 2]);
      const all = concat([past, fresh], 1, 'total');
      outputs[`${kind}.${layer}`] = all;
      return reshape(all, [kvHeads, 1, 'total', headDim]);
    };
    const keys = transposeLast(extend('keys', turn(k, positions, tables)));
    const values = extend('values', v);
    const queries = transpose(reshape(turn(scaleQueries(q, headDim), positions, tables), ['rows', kvHeads, heads / kvHeads, headDim]), [1, 2, 0, 3]);
    const rows = transpose(weigh(queries, keys, values, mask), [2, 0, 1, 3]);
    return reshape(rows, ['rows', heads * headDim]);
  };
}

async function* generate(
  program: Program,
  config: ModelConfig,
  parameters: () => Feeds,
  prompt: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<number> {
  const random = seededRandom(options.seed);
  const { layers, kvHeads, headDim } = config;
  const cacheNames = Array.from({ length: layers }, (_, layer) => [`keys.${layer}`, `values.${layer}`]).flat();
  let cache: Record<string, Float32Array> = {};
  let past = 0;
  let fresh = [...prompt];
  for (let drawn = 0; drawn < options.maxNewTokens && past + fresh.length <= config.maxPositions; drawn++) {
    if (options.signal?.aborted) return;
    const cached = cacheNames.map((name) => [`past.${name}`, f32(cache[name] ?? new Float32Array(), [kvHeads, past, headDim])]);
    const results = await program.run({ ...parameters(), ...stepFeeds(fresh, past), ...Object.fromEntries(cached) });
    past += fresh.length;
    cache = results;
    const id = drawToken(results.logits ?? new Float32Array(), options, random);
    if (options.stopIds.has(id)) return;
    yield id;
    fresh = [id];
  }
}

function stepFeeds(fresh: readonly number[], past: number): Feeds {
  const [rows, total] = [fresh.length, past + fresh.length];
  const mask = new Float32Array(rows * total);
  for (let row = 0; row < rows; row++) mask.fill(-1e9, row * total + past + row + 1, (row + 1) * total);
  return {
    ids: i64(BigInt64Array.from(fresh, BigInt), [rows]),
    positions: i64(BigInt64Array.from(fresh, (_, i) => BigInt(past + i)), [rows, 1]),
    mask: f32(mask, [rows, total]),
    last: i64(BigInt64Array.of(BigInt(rows - 1)), [1]),
  };
}
