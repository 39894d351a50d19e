import { isGguf } from '../base/pure/isGguf';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { hubSnapshot } from '../base/node/hubSnapshot';
import { parseObject } from './fields';
import { convertedGguf } from './gguf/convert';
import { requireText } from './readText';
import { pathExists } from '../base/node/pathExists';

/** adapter_config.json has about 1 KB, more with a long list of target modules. */
const maxConfigBytes = 1 << 20;

/** Where the files of a model are. */
export interface LocatedModel {
  /** Holds config.json, weights and tokenizer. */
  readonly folder: string;
  /** The folder of the adapter that the path named; null: it named a whole model. */
  readonly adapter: string | null;
}

/**
 * Finds the files of a model. The path may be
 *
 * - a checkpoint folder;
 * - a .gguf file or a blob of Ollama, which is converted once;
 * - a model's folder in the Hugging Face cache ({@link hubSnapshot}), where files are links to blobs;
 * - an adapter's folder, whose base is then searched ({@link baseCandidates}).
 *
 * @param converted the folder of the models converted from GGUF
 * @param hub the Hugging Face cache
 * @throws MarginError `missing-file` | `bad-adapter`, and those of {@link convertedGguf}
 */
export async function locateModel(path: string, converted: string, hub = hubCache()): Promise<LocatedModel> {
  if (isGguf(path)) return { folder: await convertedGguf(resolve(path), converted), adapter: null };
  const snapshot = await hubSnapshot(path);
  if (snapshot && 'unclear' in snapshot) throw new MarginError('missing-file', snapshot.unclear, { file: path });
  if (snapshot) return locateModel(snapshot.folder, converted, hub);
  if ((await pathExists(join(path, 'config.json'))) || !(await pathExists(join(path, 'adapter_config.json'))))
    return { folder: path, adapter: null };
  return { folder: await baseOf(path, converted, hub), adapter: path };
}

/** The Hugging Face cache, as huggingface_hub finds it: `HF_HUB_CACHE`, or `hub` below `HF_HOME`. */
function hubCache(): string {
  return process.env.HF_HUB_CACHE ?? join(process.env.HF_HOME ?? join(homedir(), '.cache', 'huggingface'), 'hub');
}

/**
 * The base model that adapter_config.json names: a path, or a name on the Hub; null: it names none.
 *
 * @param adapter the adapter's folder
 * @throws MarginError `missing-file` | `bad-config`
 */
export async function baseNameOf(adapter: string): Promise<string | null> {
  const file = join(adapter, 'adapter_config.json');
  const base = parseObject(await requireText(file, maxConfigBytes), file).base_model_name_or_path;
  return typeof base === 'string' && base !== '' ? base : null;
}

/**
 * As {@link baseNameOf}, for an adapter that must name a base.
 *
 * @throws MarginError `bad-adapter` | `missing-file` | `bad-config`
 */
export async function requireBaseName(adapter: string): Promise<string> {
  const base = await baseNameOf(adapter);
  if (base !== null) return base;
  throw new MarginError(
    'bad-adapter',
    `${join(adapter, 'adapter_config.json')} has no "base_model_name_or_path". Give the base model's folder, and this folder as the adapter.`,
  );
}

/**
 * The paths at which an adapter's base may be, in the order of search: relative to the adapter, to its parent folder,
 * to the current folder, then in the Hugging Face cache.
 */
export function baseCandidates(base: string, adapter: string, hub = hubCache()): readonly string[] {
  return isAbsolute(base)
    ? [base]
    : [
        resolve(adapter, base),
        resolve(dirname(adapter), base),
        resolve(base),
        join(hub, `models--${base.replaceAll('/', '--')}`),
      ];
}

async function baseOf(adapter: string, converted: string, hub: string): Promise<string> {
  const base = await requireBaseName(adapter);
  const candidates = baseCandidates(base, adapter, hub);
  for (const path of candidates) if (await pathExists(path)) return (await locateModel(path, converted, hub)).folder;
  const file = join(adapter, 'adapter_config.json');
  throw new MarginError(
    'missing-file',
    `${file} needs the base model "${base}", which is not at ${candidates.join(', nor at ')}. Give the base model's folder, and this folder as the adapter.`,
    { file },
  );
}
