import { access, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { privateMode } from '../base/node/cacheFolder';
import { fileError, isFileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';
import { shortKey } from '../base/node/shortKey';

/**
 * A short hash of files as they are now, by path, size and modification time. The folder that is made from them has it
 * in its name, so a changed file leads to another folder.
 *
 * @param what the kind of the folder, and its version
 * @returns 12 hex digits
 */
export async function fingerprintOf(files: readonly string[], what: string): Promise<string> {
  const parts = [what];
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    parts.push(` ${file} ${size} ${mtimeMs}`);
  }
  return shortKey(parts, 12);
}

/**
 * Makes a folder unless it exists. It appears complete or not at all, even if two processes make it at the same time.
 *
 * @param make fills a temporary folder, which is then renamed
 * @throws MarginError those of {@link fileError}, naming the folder; other errors of `make` pass unchanged
 */
export async function makeOnce(folder: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const isThere = (): Promise<boolean> =>
    access(folder).then(
      () => true,
      () => false,
    );
  if (await isThere()) return;
  await makeFolder(dirname(folder), privateMode);
  await removeAbandoned(folder);
  let temporary: string | null = null;
  try {
    temporary = await mkdtemp(prefixOf(folder));
    await make(temporary);
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Another process made it in the meantime.
      if (!(await isThere())) throw error;
    });
  } catch (error) {
    throw isFileError(error) ? fileError(error, 'write', folder) : error;
  } finally {
    // What kept the folder from being written may keep it from being deleted. A later call deletes it then.
    if (temporary !== null) await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

const prefixOf = (folder: string): string => `${folder}.tmp-`;
/** No model takes a day to convert. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Deletes what a killed process has left of this folder. Best effort: it only takes up space. */
async function removeAbandoned(folder: string): Promise<void> {
  const beside = dirname(folder);
  for (const name of await readdir(beside)) {
    if (!name.startsWith(basename(prefixOf(folder)))) continue;
    const left = join(beside, name);
    const { mtimeMs } = await stat(left).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > abandonedMs) await rm(left, { recursive: true, force: true }).catch(() => undefined);
  }
}
