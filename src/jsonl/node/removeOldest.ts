import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Removes the files of a cache that were not used for longest, until the others have at most `maxBytes`. */
export async function removeOldest(folder: string, ending: string, maxBytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(folder, name));
      return { name, size, mtimeMs };
    }),
  );
  let total = 0;
  for (const { name, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    total += size;
    if (total > maxBytes) await rm(path.join(folder, name), { force: true });
  }
}
