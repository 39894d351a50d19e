import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, MarginError } from '../pure/marginError';
import { fileError } from './fileError';

/**
 * Makes a folder and its missing parents, one by one. Node's recursive `mkdir` never returns if the system says that a
 * folder is missing although its parent exists, as below /proc.
 *
 * @param mode of the folders that are made
 * @throws MarginError `not-a-folder` if a file is in the way, and those of {@link fileError}
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  try {
    const missing: string[] = [];
    for (let path = folder; !(await isFolder(path)); path = dirname(path)) {
      missing.unshift(path);
      if (dirname(path) === path) break;
    }
    for (const path of missing) await makeOne(path, mode);
  } catch (error) {
    throw fileError(error, 'create', folder);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  throw new MarginError(
    'not-a-folder',
    `Cannot create a folder in ${path}: it is a file, not a folder; choose another.`,
    { path },
  );
}

async function makeOne(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    // Another process has made it meanwhile.
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new MarginError('not-writable', `Cannot create ${path}: the system makes no folders there; choose another.`, {
      path,
    });
  }
}
