import { inTurns } from '../../base/pure/inTurns';
import type { CacheName, ModelCache } from './caches';
import { type DescribedModel, describeModel } from './describeModel';
import { lookForFiles } from './ggufFolders';
import { lookInHub } from './hubFolders';
import { Look, type ModelPlace } from './look';
import { lookInOllama } from './ollamaModels';

/** A model of a cache. */
export type FoundModel = Pick<ModelPlace, 'cache' | 'name' | 'path'> & DescribedModel;

export interface FoundModels {
  readonly models: readonly FoundModel[];
  /** Sentences about folders that could not be read, or not as a whole. */
  readonly problems: readonly string[];
}

/** Headers that are read at once. */
const atOnce = 4;

const looks: Readonly<Record<CacheName, (cache: ModelCache, look: Look) => Promise<void>>> = {
  'Hugging Face': lookInHub,
  'LM Studio': lookForFiles,
  Ollama: lookInOllama,
  'llama.cpp': lookForFiles,
};

/** Finds the models in the caches of other programs, and reads their headers. A cache that does not exist has none. */
export async function findModels(caches: readonly ModelCache[], look = new Look()): Promise<FoundModels> {
  for (const cache of caches) await looks[cache.name](cache, look);
  const order = (place: ModelPlace): string => `${caches.findIndex(({ name }) => name === place.cache)} ${place.name}`;
  const places = look.places.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  const models = await inTurns(places, atOnce, async (place): Promise<FoundModel> => {
    const { cache, name, path } = place;
    return { cache, name, path, ...(await describeModel(place)) };
  });
  return { models, problems: look.problems };
}
