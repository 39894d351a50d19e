import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { hubSnapshot } from '../base/node/hubSnapshot';
import { parseObject } from './fields';
import { convertedGguf } from './gguf/convert';
import { requireText } from './readText';

const maxConfigBytes = 1 << 20;

/** Where a model's files really are. */
export interface LocatedModel {
  /** config.json, weights and tokenizer. */
  readonly folder: string;
  /** The adapter that the path named, on top of it. */
  readonly adapter: string | null;
}

/**
 * What a person may point at: a checkpoint folder; a .gguf file, which is laid out anew once; a model's folder in the
 * Hugging Face cache ({@link hubSnapshot}), whose files are links to blobs, which sessions follow; an adapter's folder,
 * whose base is looked for.
 *
 * @param converted the folder in which models converted from GGUF lie
 * @param hub the Hugging Face cache
 * @throws MarginError `missing-file`, and those of the GGUF conversion
 */
export async function locateModel(path: string, converted: string, hub = hubCache()): Promise<LocatedModel> {
  if (path.endsWith('.gguf')) return { folder: await convertedGguf(resolve(path), converted), adapter: null };
  const snapshot = await hubSnapshot(path);
  if (snapshot && 'unclear' in snapshot) throw new MarginError('missing-file', snapshot.unclear, { file: path });
  if (snapshot) return locateModel(snapshot.folder, converted, hub);
  if ((await exists(join(path, 'config.json'))) || !(await exists(join(path, 'adapter_config.json'))))
    return { folder: path, adapter: null };
  return { folder: await baseOf(path, converted, hub), adapter: path };
}

/** huggingface_hub's `HF_HUB_CACHE`, or below `HF_HOME`. */
function hubCache(): string {
  return process.env.HF_HUB_CACHE ?? join(process.env.HF_HOME ?? join(homedir(), '.cache', 'huggingface'), 'hub');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * The base that an adapter's folder names, as it names it: a path, or a name on the Hub; null: it names none. @throws
 * MarginError `missing-file`
 */
export async function baseNameOf(adapter: string): Promise<string | null> {
  const file = join(adapter, 'adapter_config.json');
  const base = parseObject(await requireText(file, maxConfigBytes), file).base_model_name_or_path;
  return typeof base === 'string' && base !== '' ? base : null;
}

/** As {@link baseNameOf}. @throws MarginError `bad-adapter` | `missing-file` */
export async function requireBaseName(adapter: string): Promise<string> {
  const base = await baseNameOf(adapter);
  if (base !== null) return base;
  throw new MarginError(
    'bad-adapter',
    `${join(adapter, 'adapter_config.json')} names no "base_model_name_or_path"; give the base model's folder and this one as the adapter`,
  );
}

/** Where an adapter's base may lie. */
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
  const places = baseCandidates(base, adapter, hub);
  for (const place of places) if (await exists(place)) return (await locateModel(place, converted, hub)).folder;
  const file = join(adapter, 'adapter_config.json');
  throw new MarginError(
    'missing-file',
    `${file} sits on the base model "${base}", which is not at ${places.join(', nor at ')}. Give the base model's folder and this one as the adapter.`,
    { file },
  );
}
