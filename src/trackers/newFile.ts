import { createFile } from '../base/node/createFile';
import { MarginError } from '../base/pure/marginError';

/** Writes a file that must not exist yet. @throws MarginError `exists`, and those of {@link createFile} */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  if (await createFile(path, bytes)) return;
  throw new MarginError('exists', `${path} exists already. Name a new file or folder, or delete it.`, { path });
}
