import { join } from 'node:path';
import { openCheckpoint } from '../../model/checkpoint';
import { locateModel } from '../../model/locate';
import { cacheFolder } from '../../base/node/cacheFolder';
import type { TrainConfig } from '../../run/types';
import { freeDisk, freeMemory } from './freeMemory';
import { judge, refuse, type Free } from './judge';
import { measure, type MeasureOptions } from './measure';
import { sizesOf } from './sizes';
import type { Estimate, Sizes } from './types';

/**
 * Memory, time and disk that a run will take, beside what is free: first by sizes alone, and where those may fit by a
 * dry run.
 *
 * @param free what is there, if known; else it is looked up
 * @throws MarginError and MarginError as the run would; `interrupted`
 */
export async function estimate(
  asked: TrainConfig,
  options: Omit<MeasureOptions, 'limit'>,
  free?: Free,
): Promise<Estimate> {
  const { config, sizes } = await look(asked);
  const room = free ?? { memory: await freeMemory(), disk: await freeDisk(config.output_dir) };
  const refused = refuse(config, sizes, room);
  if (refused) return refused;
  return judge(config, sizes, await measure(config, { ...options, limit: room.memory - sizes.weights }), room);
}

/** What sizes alone say against a run, at no cost: null where they say nothing, or the model is yet to be converted. */
export async function quickRefusal(asked: TrainConfig): Promise<Estimate | null> {
  if (asked.model_name_or_path.endsWith('.gguf') || asked.dtype !== 'auto') return null;
  const { config, sizes } = await look(asked);
  return refuse(config, sizes, { memory: await freeMemory(), disk: Number.POSITIVE_INFINITY });
}

async function look(asked: TrainConfig): Promise<{ config: TrainConfig; sizes: Sizes }> {
  const place = await locateModel(asked.model_name_or_path, join(cacheFolder(), 'models'));
  const config = { ...asked, adapter_name_or_path: asked.adapter_name_or_path ?? place.adapter };
  return { config, sizes: await sizesOf(config, await openCheckpoint(place.folder)) };
}
