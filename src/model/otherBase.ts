import { realpath } from 'node:fs/promises';
import { modelLabel } from '../base/node/modelLabel';
import { baseNameOf, baseCandidates } from './locate';

/** A model as a person named it, and the folder of its files. */
export interface OpenedBase {
  readonly path: string;
  readonly folder: string;
}

/**
 * The base that an adapter names, where it is clearly another than the one it is put on: where shapes are the same,
 * nothing else tells.
 *
 * @returns as the adapter has it; null: the same by name or by place, or none is named
 * @throws MarginError `missing-file` where the folder has no adapter_config.json
 */
export async function otherBase(adapter: string, { path, folder }: OpenedBase): Promise<string | null> {
  const named = await baseNameOf(adapter);
  if (named === null || isSameName(named, path) || isSameName(named, folder)) return null;
  const [opened, ...places] = await Promise.all(
    [folder, ...baseCandidates(named, adapter)].map((one) => realpath(one).catch(() => null)),
  );
  return places.some((place) => place !== null && place === opened) ? null : named;
}

/** By the last part alone, whoever's it is; a GGUF file has the type of its numbers behind it. */
function isSameName(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => modelLabel(path).split('/').at(-1)?.toLowerCase() ?? '') as [
    string,
    string,
  ];
  if (one === other) return true;
  return [a, b].some((path) => path.endsWith('.gguf')) && (one.startsWith(other) || other.startsWith(one));
}
