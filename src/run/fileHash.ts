import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';
import { openRegular } from '../base/node/smallFile';
import { cacheFolder } from './cacheFolder';
import { readJson, writeJson } from './jsonFile';

/** Read at a time: at Node's own 64 KB the hash waits for the disk and not the other way about. */
const chunkBytes = 1 << 20;
/** Files below this are hashed in no time. */
const leastBytes = 1 << 24;
/** A file that changed so shortly ago may change again within its clock's tick. */
const settledMs = 2000;
/** Of some hundred bytes each. */
const mostEntries = 1000;
const maxMemoryBytes = 4 << 20;

/**
 * SHA-256 of a file, hex. That of a large one is remembered for as long as the file's size and times stay the same, for it takes a
 * second for each GB.
 *
 * @param memory a JSON file, which can be deleted at any time
 */
export async function sha256Of(path: string, memory = join(cacheFolder(), 'sha256.json')): Promise<string> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  if (size < leastBytes) return hashFile(path);
  const mark = `${size} ${mtimeMs} ${ctimeMs}`;
  // A damaged memory is one without entries.
  const known = (await readJson(memory, maxMemoryBytes).catch(() => null)) ?? {};
  const found = known[path];
  if (typeof found === 'string' && found.startsWith(`${mark} `)) return found.slice(mark.length + 1);
  const sha256 = await hashFile(path);
  if (Date.now() - Math.max(mtimeMs, ctimeMs) > settledMs) await remember(memory, known, path, `${mark} ${sha256}`);
  return sha256;
}

async function remember(memory: string, known: Readonly<Record<string, unknown>>, path: string, entry: string): Promise<void> {
  const kept = Object.entries(known).filter(([name]) => name !== path).slice(1 - mostEntries);
  const write = async (): Promise<void> => {
    await makeFolder(dirname(memory));
    await writeJson(memory, Object.fromEntries([...kept, [path, entry]]));
  };
  // Where nothing can be written, the next run hashes again.
  await write().catch(() => undefined);
}

/** SHA-256 of a regular file as it is now, hex. Errors as {@link openRegular}. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await openRegular(path);
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file.close();
  }
}
