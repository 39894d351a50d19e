import { access, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { privateMode } from '../base/node/cacheFolder';
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
 */
export async function makeOnce(folder: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const isThere = (): Promise<boolean> =>
    access(folder).then(
      () => true,
      () => false,
    );
  if (await isThere()) return;
  await makeFolder(dirname(folder), privateMode);
  const temporary = await mkdtemp(`${folder}.tmp-`);
  try {
    await make(temporary);
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Another process made it in the meantime.
      if (!(await isThere())) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
