import { hubSnapshot } from '../../base/node/hubSnapshot';
import type { ModelCache } from './caches';
import { addGgufs, isCheckpoint } from './ggufFolders';
import type { Look } from './look';

const repository = /^models--(.+)$/;

/**
 * Finds the models of a Hugging Face cache: of each repository the snapshot that `refs/main` names, as a checkpoint
 * folder or as .gguf files. Repositories without a model, such as those of adapters, are left out.
 */
export async function lookInHub({ name: cache, folder }: ModelCache, look: Look): Promise<void> {
  for (const { name, path, isFolder } of await look.entries(folder)) {
    const id = repository.exec(name)?.[1]?.replaceAll('--', '/');
    if (!isFolder || id === undefined) continue;
    const snapshot = await hubSnapshot(path);
    if (snapshot === null) continue;
    if ('unclear' in snapshot) {
      await look.add({ cache, name: id, path, files: path, kind: 'folder', unclear: snapshot.unclear });
      continue;
    }
    const entries = await look.entries(snapshot.folder);
    if (isCheckpoint(entries))
      await look.add({ cache, name: id, path, files: snapshot.folder, kind: 'folder', unclear: null });
    await addGgufs(cache, folder, entries, withId(look, id, snapshot.folder));
  }
}

/** Names .gguf files by their repository instead of the path to the snapshot. */
function withId(look: Look, id: string, folder: string): Pick<Look, 'add'> {
  return { add: (place) => look.add({ ...place, name: `${id}/${place.files.slice(folder.length + 1)}` }) };
}
