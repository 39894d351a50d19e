import { realpath } from 'node:fs/promises';
import { isGguf } from '../base/pure/isGguf';
import { modelLabel } from '../base/node/modelLabel';
import { baseNameOf, baseCandidates } from './locate';

/** A model: its path as it was given, and the folder of its files. */
export interface OpenedBase {
  readonly path: string;
  readonly folder: string;
}

/**
 * The base model that an adapter names, if it is not the model that the adapter is used with. If two models have the
 * same shapes, only the names show the mistake.
 *
 * @param adapter the adapter's folder
 * @returns the name in adapter_config.json; null: name or folder are the same, or the adapter names no base
 * @throws MarginError `missing-file` where the folder has no adapter_config.json
 */
export async function otherBase(adapter: string, { path, folder }: OpenedBase): Promise<string | null> {
  const named = await baseNameOf(adapter);
  if (named === null || isSameName(named, path) || isSameName(named, folder)) return null;
  // A path that does not exist is not a candidate.
  const [opened, ...candidates] = await Promise.all(
    [folder, ...baseCandidates(named, adapter)].map((path) => realpath(path).catch(() => null)),
  );
  return candidates.some((path) => path !== null && path === opened) ? null : named;
}

/**
 * Whether two models have the same name, without its owner on the Hub. The name of a .gguf file may have a suffix, the
 * type of its numbers: `SmolLM2-135M-Q8_0.gguf` and `HuggingFaceTB/SmolLM2-135M` are the same.
 */
function isSameName(a: string, b: string): boolean {
  const [one, other] = [shortName(a), shortName(b)];
  if (one === other) return true;
  return [a, b].some((path) => isGguf(path)) && (one.startsWith(other) || other.startsWith(one));
}

/** The last part of a label, which may be a name on the Hub, OWNER/NAME. */
function shortName(path: string): string {
  const label = modelLabel(path);
  return label.slice(label.lastIndexOf('/') + 1).toLowerCase();
}
