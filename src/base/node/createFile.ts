import { open } from 'node:fs/promises';
import { errorCode } from '../pure/marginError';
import { fileError } from './fileError';
import { removeIfPossible } from './replaceFile';

/**
 * Writes a file that must not exist yet. If it cannot be written whole, it is removed again.
 *
 * @returns false if there is a file of this name already, which stays
 * @throws MarginError as {@link fileError}
 */
export async function createFile(path: string, content: string | Uint8Array): Promise<boolean> {
  const file = await open(path, 'wx').catch((error: unknown) => {
    if (errorCode(error) === 'EEXIST') return null;
    throw fileError(error, 'create', path);
  });
  if (file === null) return false;
  try {
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    await removeIfPossible(path);
    throw fileError(error, 'write', path);
  }
}
