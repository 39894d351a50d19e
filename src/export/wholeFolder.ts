import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, MarginError } from '../base/pure/marginError';
import { fileError, isFileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';

/**
 * Creates a folder that appears complete or not at all: `fill` writes into a temporary folder next to it, which is then
 * renamed. An empty folder is replaced; one with files is never touched.
 *
 * @throws MarginError `not-empty`, and those of {@link fileError}; other errors of `fill` pass unchanged
 */
export async function wholeFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  await requireEmpty(folder);
  const temporary = `${folder}.tmp-${process.pid}`;
  try {
    await makeFolder(dirname(folder));
    await mkdir(temporary);
    await fill(temporary);
    // Windows cannot rename onto a folder, not even an empty one.
    await rmdir(folder).catch((error: unknown) => (errorCode(error) === 'ENOENT' ? undefined : Promise.reject(error)));
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {
      // The cause of the first error may also prevent this. The first error is the one to report.
    });
    throw isFileError(error) ? fileError(error, 'write', folder) : error;
  }
}

/** Refuses a folder with files in it. @throws MarginError `not-empty`, and those of {@link fileError} */
export async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileError(error, 'write', folder);
  });
  if (names.length > 0)
    throw new MarginError('not-empty', `${folder} exists and is not empty. Choose another folder, or move this one.`, {
      folder,
    });
}
