import type { Tensor } from '../graph/tensor';
import { MarginError } from '../base/pure/marginError';
import type { Adapter, Parameter } from '../model/types';
import type { HeadChunks } from './head';
import { f32, i64, type Feeds } from './runtime';
import type { PackedBatch } from './types';

/**
 * The inputs of a graph for a packed batch. Shapes are those of {@link PackedBatch}; the head reads its own in
 * `chunks`.
 */
export function batchFeeds(batch: PackedBatch, chunks: HeadChunks): Feeds {
  const { groups, width, tokens } = batch;
  const feeds: Feeds = {
    ids: i64(batch.ids, [tokens, 1]),
    positions: i64(batch.positions, [tokens, 1]),
    places: f32(Float32Array.from(batch.positions, Number), [tokens, 1]),
    spans: f32(batch.spans, [tokens, 1]),
    unpack: i64(batch.unpack, [groups, width]),
    pack: i64(batch.pack, [tokens]),
    mask: f32(batch.mask, [groups, 1, 1, width, width]),
  };
  for (let i = 0; i < chunks.count; i++) Object.assign(feeds, chunkFeeds(batch, chunks, i));
  return feeds;
}

/** The inputs of chunk `i` of the head: its predictions, and their columns of the masks over predictions. */
function chunkFeeds(
  { pairs, predictions, predictors, targets, segments, emphasis, prompts }: PackedBatch,
  chunks: HeadChunks,
  i: number,
): Feeds {
  const { start, end } = chunkRange(predictions, chunks, i);
  const size = end - start;
  const columns = (mask: Float32Array, parts: number): Feeds[string] => {
    const cut = new Float32Array(parts * pairs * size);
    for (let row = 0; row < parts * pairs; row++)
      cut.set(mask.subarray(row * predictions + start, row * predictions + end), row * size);
    return f32(cut, [parts, pairs, size]);
  };
  return {
    [`predictors${i}`]: i64(predictors.slice(start, end), [size, 1]),
    [`targets${i}`]: i64(targets.slice(start, end), [size, 1]),
    [`segments${i}`]: columns(segments, 2),
    [`emphasis${i}`]: columns(emphasis, 2),
    [`prompts${i}`]: columns(prompts, 1),
  };
}

/** The predictions that chunk `i` of the head works on: `start` to `end` − 1. Empty after the last prediction. */
export function chunkRange(predictions: number, chunks: HeadChunks, i: number): { start: number; end: number } {
  const rows = Math.max(chunks.rows, Math.ceil(predictions / chunks.count));
  const start = Math.min(predictions, i * rows);
  return { start, end: Math.min(predictions, start + rows) };
}

/** Replaced weights and, if there is an adapter, its parameters; by name. */
export function parametersOf(
  weights: ReadonlyMap<string, Parameter>,
  adapter: Adapter | null,
): ReadonlyMap<string, Parameter> {
  return adapter === null ? weights : new Map([...weights, ...adapter.parameters]);
}

/**
 * The parameters' arrays, without a copy: the next run reads what the optimizer has written since.
 *
 * @param inputs the parameters that the graph reads, by name
 * @throws MarginError `missing-weight` naming a parameter without an array
 */
export function parameterFeeds(inputs: ReadonlyMap<string, Tensor>, parameters: ReadonlyMap<string, Parameter>): Feeds {
  return Object.fromEntries(
    [...inputs.keys()].map((name) => {
      const parameter = parameters.get(name);
      if (!parameter) throw new MarginError('missing-weight', `There is no array for the parameter ${name}`);
      return [name, f32(parameter.data, parameter.shape)];
    }),
  );
}
