import { join, relative, sep } from 'node:path';
import { readSmallText } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import type { ModelCache } from './caches';
import type { Look } from './look';

/** A manifest lists a dozen layers. */
const maxManifestBytes = 1 << 20;
/** HOST/NAMESPACE/MODEL/TAG. */
const manifestLevels = 4;
const weights = 'application/vnd.ollama.image.model';
/** What Ollama leaves out when it shows a name. */
const usual = /^registry\.ollama\.ai\/(?:library\/)?/;

/**
 * Finds the models of Ollama: `manifests` names them, and each manifest names the blob of the weights, which is a GGUF
 * file without an ending.
 */
export async function lookInOllama({ name: cache, folder }: ModelCache, look: Look): Promise<void> {
  const manifests = join(folder, 'manifests');
  for (const file of await manifestFiles(manifests, manifestLevels, look)) {
    const parts = relative(manifests, file).split(sep);
    const name = `${parts.slice(0, -1).join('/').replace(usual, '')}:${parts.at(-1) ?? ''}`;
    const digest = await weightsOf(file);
    const blob = digest === null ? file : join(folder, 'blobs', digest);
    const unclear =
      digest === null ? `${file} names no weights in one GGUF file; Margin reads no other weights of Ollama.` : null;
    await look.add({ cache, name, path: blob, files: blob, kind: 'gguf', unclear });
  }
}

async function manifestFiles(folder: string, levels: number, look: Look): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { path, isFolder } of await look.entries(folder)) {
    if (!isFolder && levels === 1) files.push(path);
    if (isFolder && levels > 1) files.push(...(await manifestFiles(path, levels - 1, look)));
  }
  return files;
}

/** The name of the blob with the weights; null if the manifest names none, or cannot be read. */
async function weightsOf(file: string): Promise<string | null> {
  try {
    const manifest: unknown = JSON.parse(await readSmallText(file, maxManifestBytes));
    const layers = isRecord(manifest) && Array.isArray(manifest.layers) ? manifest.layers.filter(isRecord) : [];
    const digest = layers.find(({ mediaType }) => mediaType === weights)?.digest;
    // The name becomes a path, so it must be a hash.
    return typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest.replace(':', '-') : null;
  } catch {
    // The caller says that this manifest names no weights.
    return null;
  }
}
