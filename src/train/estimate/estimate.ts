import { join } from 'node:path';
import { isGguf } from '../../base/pure/isGguf';
import { openCheckpoint } from '../../model/checkpoint';
import { locateModel } from '../../model/locate';
import { cacheFolder } from '../../base/node/cacheFolder';
import type { TrainConfig } from '../../run/types';
import { freeDisk, freeMemory } from '../../base/node/freeMemory';
import { judge, refuse, type Free } from './judge';
import { measure, type DryRunOptions } from './measure';
import { sizesOf } from './sizes';
import type { Estimate, Sizes } from './types';

/**
 * Estimates the memory, time and disk that a run needs, and compares them with what is free. If the sizes in file
 * headers alone rule the run out, it stops there; else it makes a dry run.
 *
 * @param free memory and disk in bytes; looked up if left out
 * @throws MarginError what the run would throw, and `interrupted`
 */
export async function estimate(
  asked: TrainConfig,
  options: Omit<DryRunOptions, 'limit'>,
  free?: Free,
): Promise<Estimate> {
  const { config, sizes } = await sizesFor(asked);
  const room = free ?? { memory: await freeMemory(), disk: await freeDisk(config.output_dir) };
  const refused = refuse(config, sizes, room);
  if (refused) return refused;
  return judge(config, sizes, await measure(config, { ...options, limit: room.memory - sizes.weights }), room);
}

/**
 * Refuses a run whose sizes alone do not fit. Returns null if they may fit, or if the model has to be converted first.
 */
export async function quickRefusal(asked: TrainConfig): Promise<Estimate | null> {
  if (isGguf(asked.model_name_or_path) || asked.dtype !== 'auto') return null;
  const { config, sizes } = await sizesFor(asked);
  return refuse(config, sizes, { memory: await freeMemory(), disk: Number.POSITIVE_INFINITY });
}

async function sizesFor(asked: TrainConfig): Promise<{ config: TrainConfig; sizes: Sizes }> {
  const place = await locateModel(asked.model_name_or_path, join(cacheFolder(), 'models'));
  const config = { ...asked, adapter_name_or_path: asked.adapter_name_or_path ?? place.adapter };
  return { config, sizes: await sizesOf(config, await openCheckpoint(place.folder)) };
}
