import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallText } from './smallFile';

/** A ref file contains the 40 hex digits of a commit. */
const maxRefBytes = 1024;

/** The folder of a snapshot, or a sentence that says why none can be chosen. */
export type HubSnapshot = { readonly folder: string } | { readonly unclear: string };

/**
 * The snapshot that a repository folder of the Hugging Face cache stands for. Such a folder (`models--org--name`) has
 * `refs/main` and `snapshots/COMMIT`, in the layout of huggingface_hub. The snapshot is the one that `refs/main` names,
 * or the only one if there is no `refs/main`.
 *
 * @returns null if the path is not such a folder, for example because it has a config.json of its own
 */
export async function hubSnapshot(path: string): Promise<HubSnapshot | null> {
  const names = await readdir(path).catch((): string[] => []);
  if (!names.includes('snapshots') || names.includes('config.json') || names.includes('adapter_config.json'))
    return null;
  const commits = await readdir(join(path, 'snapshots')).catch((): string[] => []);
  const main = (await readSmallText(join(path, 'refs', 'main'), maxRefBytes).catch(() => '')).trim();
  const commit = main === '' && commits.length === 1 ? commits[0] : main;
  if (commit !== undefined && commits.includes(commit)) return { folder: join(path, 'snapshots', commit) };
  const [found, advice] =
    commits.length > 0
      ? [`${commits.length} snapshot${commits.length === 1 ? '' : 's'}`, 'give one of the folders in snapshots']
      : ['no snapshot', 'download the model'];
  return { unclear: `${path} has ${found}, and none is the one that refs/main names; ${advice}.` };
}
