import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MarginError } from '../pairs/marginError';

/**
 * A folder of the Hugging Face cache (`models--org--name`, with `refs/main` and `snapshots/COMMIT`) as the snapshot that it
 * stands for now; every other path as it is. A run is made with the snapshot, so that it resumes on the same weights after
 * the cache has moved on.
 *
 * @throws MarginError `config-file` where there are several snapshots and no `main`
 */
export async function hubSnapshot(field: string, path: string): Promise<string> {
  const names = await readdir(path).catch((): string[] => []);
  if (!names.includes('snapshots')) return path;
  const snapshots = join(path, 'snapshots');
  const commits = await readdir(snapshots).catch((): string[] => []);
  const main = (await readFile(join(path, 'refs', 'main'), 'utf8').catch(() => '')).trim();
  const commit = main === '' && commits.length === 1 ? commits[0] : main;
  if (commit !== undefined && commits.includes(commit)) return join(snapshots, commit);
  const [found, advice] = commits.length > 0 ? [`${commits.length} snapshots`, 'give one of the folders in snapshots'] : ['no snapshot', 'download the model'];
  throw new MarginError('config-file', `${field}: ${path} has ${found}, and none is the one that refs/main names; ${advice}.`, { field, path });
}
