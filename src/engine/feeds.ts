import type { Tensor } from '../graph/tensor';
import { MarginError } from '../base/pure/marginError';
import type { Parameter } from '../model/types';
import type { HeadChunks } from './head';
import { f32, i64, type Feeds } from './runtime';
import type { PackedBatch } from './types';

/** A packed batch as the inputs of a graph whose head works in `chunks`. */
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

function chunkFeeds(
  { pairs, predictions, predictors, targets, segments, emphasis, prompts }: PackedBatch,
  chunks: HeadChunks,
  i: number,
): Feeds {
  const { start, end } = chunkSpan(predictions, chunks, i);
  const size = end - start;
  const part = (mask: Float32Array, parts: number): Feeds[string] => {
    const cut = new Float32Array(parts * pairs * size);
    for (let s = 0; s < parts * pairs; s++)
      cut.set(mask.subarray(s * predictions + start, s * predictions + end), s * size);
    return f32(cut, [parts, pairs, size]);
  };
  return {
    [`predictors${i}`]: i64(predictors.slice(start, end), [size, 1]),
    [`targets${i}`]: i64(targets.slice(start, end), [size, 1]),
    [`segments${i}`]: part(segments, 2),
    [`emphasis${i}`]: part(emphasis, 2),
    [`prompts${i}`]: part(prompts, 1),
  };
}

/** Which predictions chunk `i` of the head works on. */
export function chunkSpan(predictions: number, chunks: HeadChunks, i: number): { start: number; end: number } {
  const rows = Math.max(chunks.rows, Math.ceil(predictions / chunks.count));
  const start = Math.min(predictions, i * rows);
  return { start, end: Math.min(predictions, start + rows) };
}

/** Parameters as they are now, by reference: what the optimizer wrote is what the next run sees. */
export function parameterFeeds(inputs: ReadonlyMap<string, Tensor>, parameters: ReadonlyMap<string, Parameter>): Feeds {
  return Object.fromEntries(
    [...inputs.keys()].map((name) => {
      const parameter = parameters.get(name);
      if (!parameter) throw new MarginError('missing-weight', `No array for ${name}`);
      return [name, f32(parameter.data, parameter.shape)];
    }),
  );
}
