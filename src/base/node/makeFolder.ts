import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, MarginError } from '../pure/marginError';
import { fileError } from './fileError';

/**
 * Makes a folder and those above it that are missing. One at a time: Node's own recursive `mkdir` never ends where the
 * system says that a folder is missing whose parent is there, as below /proc. Errors as {@link fileError}.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    const missing: string[] = [];
    for (let path = folder; !(await isThere(path)); path = dirname(path)) {
      missing.unshift(path);
      if (dirname(path) === path) break;
    }
    for (const path of missing) await makeOne(path);
  } catch (error) {
    throw fileError(error, 'create', folder);
  }
}

async function isThere(path: string): Promise<boolean> {
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

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    // Another process was faster.
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new MarginError('not-writable', `Cannot create ${path}: the system makes no folders there; choose another.`, {
      path,
    });
  }
}
