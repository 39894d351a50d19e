import { writeFile } from 'node:fs/promises';
import { fileError } from '../base/node/fileError';
import { errorCode, MarginError } from '../base/pure/marginError';

/** Writes a file that must not exist yet. @throws MarginError `exists`, and those of {@link fileError} */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx', flush: true });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw fileError(error, 'write', path);
    throw new MarginError('exists', `${path} exists already. Name a new file or folder, or delete it.`, { path });
  }
}
