import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../run/temporaryFolder';

/** The files of the sample's model. */
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

/** A Hugging Face cache with the sample's model, as huggingface_hub downloads it: file names are links to blobs. */
export async function hubWith(repository: string, commit = 'abc123'): Promise<string> {
  const hub = await temporaryFolder();
  const folder = join(hub, repository);
  const snapshot = join(folder, 'snapshots', commit);
  await Promise.all([
    mkdir(snapshot, { recursive: true }),
    mkdir(join(folder, 'blobs'), { recursive: true }),
    mkdir(join(folder, 'refs'), { recursive: true }),
  ]);
  await writeFile(join(folder, 'refs', 'main'), commit);
  for (const name of names) {
    await copyFile(join('media', 'sample', 'model', name), join(folder, 'blobs', `blob-of-${name}`));
    await symlink(join('..', '..', 'blobs', `blob-of-${name}`), join(snapshot, name));
  }
  return hub;
}
