import { access, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';

/** A mark of files as they are now, for what is made of them. */
export async function fingerprintOf(files: readonly string[], what: string): Promise<string> {
  const hash = createHash('sha256').update(what);
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    hash.update(` ${file} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex').slice(0, 12);
}

/** Makes a folder where there is none yet, whole or not at all. */
export async function makeOnce(folder: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const isThere = (): Promise<boolean> =>
    access(folder).then(
      () => true,
      () => false,
    );
  if (await isThere()) return;
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.tmp-`);
  try {
    await make(temporary);
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Somebody else who needed it was faster.
      if (!(await isThere())) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
