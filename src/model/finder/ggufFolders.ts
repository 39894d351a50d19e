import { relative } from 'node:path';
import { splitGguf } from '../../base/pure/splitGguf';
import type { CacheName, ModelCache } from './caches';
import type { Entry, Look } from './look';

/** LM Studio has PUBLISHER/MODEL/FILE, and llama.cpp keeps files in one folder or in one for each repository. */
const mostLevels = 4;

/** Finds .gguf files and checkpoint folders below a folder. */
export async function lookForFiles({ name, folder }: ModelCache, look: Look): Promise<void> {
  await lookInto(name, folder, folder, mostLevels, look);
}

async function lookInto(cache: CacheName, root: string, folder: string, levels: number, look: Look): Promise<void> {
  const entries = await look.entries(folder);
  await addGgufs(cache, root, entries, look);
  if (isCheckpoint(entries))
    await look.add({
      cache,
      kind: 'folder',
      name: named(root, folder),
      path: folder,
      files: folder,
      unclear: null,
    });
  if (levels === 1) return;
  for (const { path, isFolder } of entries) if (isFolder) await lookInto(cache, root, path, levels - 1, look);
}

/** Adds the .gguf files among the entries of a folder; of a split model, its first part. */
export async function addGgufs(
  cache: CacheName,
  root: string,
  entries: readonly Entry[],
  look: Pick<Look, 'add'>,
): Promise<void> {
  for (const { name, path, isFolder } of entries) {
    // `mmproj` files are the image encoders of language models, which lie beside them.
    if (isFolder || !name.endsWith('.gguf') || name.includes('mmproj')) continue;
    const split = splitGguf(path);
    if (split && split.number !== 1) continue;
    await look.add({ cache, kind: 'gguf', name: named(root, path), path, files: path, unclear: null });
  }
}

/** Whether a folder holds a model in Hugging Face's layout. */
export function isCheckpoint(entries: readonly Entry[]): boolean {
  const files = entries.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
  return files.includes('config.json') && files.some((name) => /\.(safetensors|bin)$/.test(name));
}

const named = (root: string, path: string): string => relative(root, path).replaceAll('\\', '/');
