import type { Model } from '../model/architectures/architecture';
import type { Parameter } from '../model/types';
import { drawToken } from './drawToken';
import { parameterFeeds } from './feeds';
import { nextTokenGraph, promptGraph } from './generateGraphs';
import { KeyValueCache } from './keyValueCache';
import { seededRandom } from './random';
import { f32, i64, Program, type Feeds } from './runtime';
import type { Drawn, GenerateOptions, GenerateSession, SessionOptions } from './types';
import { GraphWeights } from './weights';

/** Generation of several sequences at once, with a cache of keys and values: each run sees new tokens only. */
export async function openGenerateSession({ checkpoint, adapter, weights = new Map(), threads, device }: SessionOptions): Promise<GenerateSession> {
  const { model } = checkpoint;
  const graph = new GraphWeights(checkpoint, adapter, weights);
  const prompt = await Program.compile(promptGraph(model, graph), { threads, device });
  const next = await Program.compile(nextTokenGraph(model, graph), { threads, device });
  const parameters = new Map<string, Parameter>([...weights, ...(adapter?.parameters ?? [])]);
  const runner = (program: Program): Runner => (feeds) => program.run({ ...parameterFeeds(graph.inputs, parameters), ...feeds });
  return {
    generate: (prompts, options) => generate(model, { prompt: runner(prompt), next: runner(next) }, prompts, options),
    release: async () => {
      await prompt.release();
      await next.release();
    },
  };
}

/** Added to the score of what a token does not see. */
const hidden = -1e9;

type Runner = (feeds: Feeds) => Promise<Record<string, Float32Array>>;

/** A sequence that is being written. Its place in the list of them is its place in the cache. */
interface Sequence {
  readonly index: number;
  /** Of its own, so that what is drawn does not depend on what is drawn beside it. */
  readonly random: () => number;
  /** All that it can reach: keys in the cache cannot be turned anew when a longer context sets in. */
  readonly span: number;
  /** Tokens in the cache. */
  past: number;
  drawn: number;
  last: number;
}

async function* generate(model: Model, run: { readonly prompt: Runner; readonly next: Runner }, prompts: readonly (readonly number[])[], options: GenerateOptions): AsyncGenerator<Drawn> {
  const { signal, maxNewTokens } = options;
  const cache = new KeyValueCache(model.attention, prompts.length, 1 + Math.max(0, ...prompts.map(({ length }) => length)));
  let sequences: Sequence[] = [];
  const goesOn = ({ past, drawn, index }: Sequence): boolean => drawn < maxNewTokens && past < model.maxPositions && options.isOver?.(index) !== true;

  for (const [index, { length }] of prompts.entries()) {
    if (signal?.aborted) return;
    if (length > model.maxPositions) continue;
    const prompt = prompts[index] ?? [];
    const sequence = { index, random: seededRandom(options.sampling?.seed ?? 0), span: Math.min(model.maxPositions, length + maxNewTokens), past: length, drawn: 0, last: 0 };
    const results = await run.prompt(promptFeeds(prompt, sequence.span));
    prompt.forEach((_, row) => cache.write(sequences.length, row, results, row));
    const id = draw(sequence, results.logits ?? new Float32Array(), options);
    if (id === null) continue;
    yield { index, id };
    if (goesOn(sequence)) sequences.push(sequence);
  }
  cache.retain([...sequences.keys()]);

  while (sequences.length > 0 && !signal?.aborted) {
    cache.reserve(1 + Math.max(...sequences.map(({ past }) => past)));
    const results = await run.next({ ...nextFeeds(sequences, cache.places), ...cache.feeds() });
    const logits = results.logits ?? new Float32Array();
    const size = logits.length / sequences.length;
    const kept: number[] = [];
    for (const [row, sequence] of sequences.entries()) {
      cache.write(row, sequence.past++, results, row);
      const id = draw(sequence, logits.subarray(row * size, (row + 1) * size), options);
      if (id === null) continue;
      yield { index: sequence.index, id };
      if (goesOn(sequence)) kept.push(row);
    }
    if (kept.length < sequences.length) cache.retain(kept);
    sequences = sequences.filter((_, row) => kept.includes(row));
  }
}

/** The sequence's next token; null where it ends. */
function draw(sequence: Sequence, logits: Float32Array, { sampling, stopIds }: GenerateOptions): number | null {
  sequence.last = drawToken(logits, sampling, sequence.random);
  sequence.drawn++;
  return stopIds.has(sequence.last) ? null : sequence.last;
}

function promptFeeds(prompt: readonly number[], span: number): Feeds {
  const rows = prompt.length;
  const mask = new Float32Array(rows * rows);
  for (let row = 0; row < rows; row++) mask.fill(hidden, row * rows + row + 1, (row + 1) * rows);
  return {
    ...tokenFeeds(prompt.map((id, place) => ({ id, place, span }))),
    mask: f32(mask, [rows, rows]),
    last: i64(BigInt64Array.of(BigInt(rows - 1)), [1]),
  };
}

/** Places of the cache, of which a sequence's own come first, and the new token's own behind them. */
function nextFeeds(sequences: readonly Sequence[], places: number): Feeds {
  const [rows, total] = [sequences.length, places + 1];
  const mask = new Float32Array(rows * total);
  const keyPlaces = new Float32Array(rows * total);
  sequences.forEach(({ past }, row) => {
    mask.fill(hidden, row * total + past, row * total + places);
    for (let place = 0; place < places; place++) keyPlaces[row * total + place] = place;
    keyPlaces[row * total + places] = past;
  });
  return {
    ...tokenFeeds(sequences.map(({ last, past, span }) => ({ id: last, place: past, span }))),
    mask: f32(mask, [rows, 1, 1, total]),
    keyPlaces: f32(keyPlaces, [rows, 1, 1, total]),
    sizes: i64(BigInt64Array.of(BigInt(places), 1n), [2]),
  };
}

function tokenFeeds(tokens: readonly { readonly id: number; readonly place: number; readonly span: number }[]): Feeds {
  const rows = tokens.length;
  return {
    ids: i64(BigInt64Array.from(tokens, ({ id }) => BigInt(id)), [rows]),
    positions: i64(BigInt64Array.from(tokens, ({ place }) => BigInt(place)), [rows]),
    places: f32(Float32Array.from(tokens, ({ place }) => place), [rows, 1]),
    spans: f32(Float32Array.from(tokens, ({ span }) => span), [rows, 1]),
  };
}
