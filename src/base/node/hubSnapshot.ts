import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallText } from './smallFile';

/** A ref holds a commit's 40 digits. */
const maxRefBytes = 1024;

/** What a folder of the Hugging Face cache stands for, or why that is not clear, as the end of a sentence. */
export type HubSnapshot = { readonly folder: string } | { readonly unclear: string };

/**
 * A repository's folder in the Hugging Face cache (`models--org--name`, with `refs/main` and `snapshots/COMMIT`,
 * huggingface_hub's layout) stands for the snapshot that `refs/main` names, or for its only one where `main` was never
 * written.
 *
 * @returns null where the path is no such folder; one with a model's or an adapter's own config is not
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
