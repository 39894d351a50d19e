import { join } from 'node:path';
import { inDevicePrecision } from './deviceWeights';
import { readAdapter } from '../model/adapter';
import { openCheckpoint } from '../model/checkpoint';
import { locateModel } from '../model/locate';
import { readStopIds } from '../model/stopTokens';
import { openTokenizer } from '../model/tokenizer';
import type { TextTokenizer } from '../model/tokenizer';
import type { Adapter, Checkpoint } from '../model/types';
import { cacheFolder } from '../base/node/cacheFolder';
import { verifyCheckpoint } from '../model/checksums';
import type { Device } from './types';

export interface OpenModel {
  readonly checkpoint: Checkpoint;
  readonly adapter: Adapter | null;
  readonly tokenizer: TextTokenizer;
  /** The tokens that end an answer. */
  readonly stopIds: ReadonlySet<number>;
  readonly device: Device;
}

/**
 * Opens a model and, if given, an adapter. Errors name the file and what is wrong with it.
 *
 * @param path a path that {@link locateModel} accepts
 */
export async function openModel(path: string, adapterFolder: string | null, device: Device): Promise<OpenModel> {
  const cache = join(cacheFolder(), 'models');
  const { folder, adapter: own } = await locateModel(path, cache);
  const chosen = adapterFolder ?? own;
  for (const one of new Set([folder, chosen])) if (one !== null) await verifyCheckpoint(one);
  const checkpoint = await inDevicePrecision(device, await openCheckpoint(folder), cache);
  const [tokenizer, adapter] = await Promise.all([
    openTokenizer(folder, checkpoint.model.vocabSize),
    chosen === null ? null : readAdapter(chosen, checkpoint),
  ]);
  return { checkpoint, adapter, tokenizer, stopIds: await readStopIds(folder, tokenizer), device };
}
