import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, MarginError } from '../base/pure/marginError';
import { fileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';

/**
 * Makes a folder that appears whole or not at all: filled beside its place, then renamed. What is there already is
 * never touched; an empty folder is taken.
 *
 * @throws MarginError `not-empty`, and those of {@link fileError}; whatever `fill` throws that is no file error
 */
export async function wholeFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  await requireEmpty(folder);
  const temporary = `${folder}.tmp-${process.pid}`;
  try {
    await makeFolder(dirname(folder));
    await mkdir(temporary);
    await fill(temporary);
    // Windows renames onto no folder, not even an empty one.
    await rmdir(folder).catch((error: unknown) => (errorCode(error) === 'ENOENT' ? undefined : Promise.reject(error)));
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {
      // Whatever kept the folder from being written may keep this from going; the first error is the one to tell.
    });
    throw isFileError(error) ? fileError(error, 'write', folder) : error;
  }
}

/** @throws MarginError `not-empty` */
export async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileError(error, 'write', folder);
  });
  if (names.length > 0)
    throw new MarginError(
      'not-empty',
      `${folder} is there already and not empty: choose another folder, or move that one away.`,
      { folder },
    );
}

/** Node's codes are capitals; ours are not. */
function isFileError(error: unknown): boolean {
  return /^E[A-Z]+$/.test(errorCode(error) ?? '');
}
