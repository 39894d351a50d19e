import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from './fileError';
import { makeFolder } from './makeFolder';
import { openRegular, readJsonObject } from './smallFile';
import { cacheFolder } from './cacheFolder';
import { replaceFile } from './replaceFile';

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
 * SHA-256 of a file, hex. That of a large one is remembered for as long as the file's size and times stay the same, for
 * it takes a second for each GB.
 *
 * @param memory a JSON file, which can be deleted at any time
 */
export async function sha256Of(path: string, memory = defaultMemory()): Promise<string> {
  const { mtimeMs, ctimeMs, known, mark, found } = await recall(path, memory);
  if (found !== null) return found;
  const sha256 = await hashFile(path);
  if (mark !== null && Date.now() - Math.max(mtimeMs, ctimeMs) > settledMs)
    await remember(memory, known, path, `${mark} ${sha256}`);
  return sha256;
}

/** As {@link sha256Of}, where that takes no time; null where a large file would have to be read. */
export async function quickSha256Of(path: string, memory = defaultMemory()): Promise<string | null> {
  const { mark, found } = await recall(path, memory);
  return mark === null ? hashFile(path) : found;
}

interface Recalled {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly known: Readonly<Record<string, unknown>>;
  /** Begins the entry of the file as it is; null: it is too small for one. */
  readonly mark: string | null;
  readonly found: string | null;
}

const defaultMemory = (): string => join(cacheFolder(), 'sha256.json');

async function recall(path: string, memory: string): Promise<Recalled> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  if (size < leastBytes) return { mtimeMs, ctimeMs, known: {}, mark: null, found: null };
  const mark = `${size} ${mtimeMs} ${ctimeMs}`;
  // A damaged memory is one without entries.
  const known = await readJsonObject(memory, maxMemoryBytes).catch((): Readonly<Record<string, unknown>> => ({}));
  const entry = known[path];
  return {
    mtimeMs,
    ctimeMs,
    known,
    mark,
    found: typeof entry === 'string' && entry.startsWith(`${mark} `) ? entry.slice(mark.length + 1) : null,
  };
}

async function remember(
  memory: string,
  known: Readonly<Record<string, unknown>>,
  path: string,
  entry: string,
): Promise<void> {
  const kept = Object.entries(known)
    .filter(([name]) => name !== path)
    .slice(1 - mostEntries);
  const write = async (): Promise<void> => {
    await makeFolder(dirname(memory));
    await replaceFile(memory, `${JSON.stringify(Object.fromEntries([...kept, [path, entry]]), null, 2)}\n`);
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
