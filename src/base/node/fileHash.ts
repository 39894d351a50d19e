import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder, privateMode } from './cacheFolder';
import { fileError } from './fileError';
import { writeJson } from './jsonFile';
import { makeFolder } from './makeFolder';
import { openRegular, readJsonObject } from './smallFile';

/** Bytes per read. With Node's default of 64 KB the hash would wait for the disk. */
const chunkBytes = 1 << 20;
/** Smaller files are hashed at once, so their hashes are not cached. */
const minCachedBytes = 1 << 24;
/** A file that changed this recently may change again within one tick of its clock, so it is not cached yet. */
const settledMs = 2000;
/** Entries of some hundred bytes each. */
const maxEntries = 1000;
const maxCacheBytes = 4 << 20;

/**
 * SHA-256 of a file, in hex. Hashing takes a second per GB, so the hash of a large file is cached until the file's size
 * or times change. Errors as `stat` and {@link hashFile}.
 *
 * @param cache a JSON file that may be deleted at any time
 */
export async function sha256Of(path: string, cache = defaultCache()): Promise<string> {
  const { mtimeMs, ctimeMs, entries, stamp, cached } = await lookUp(path, cache);
  if (cached !== null) return cached;
  const sha256 = await hashFile(path);
  if (stamp !== null && Date.now() - Math.max(mtimeMs, ctimeMs) > settledMs)
    await store(cache, entries, path, `${stamp} ${sha256}`);
  return sha256;
}

/** As {@link sha256Of}, but null for a large file whose hash is not cached. */
export async function quickSha256Of(path: string, cache = defaultCache()): Promise<string | null> {
  const { stamp, cached } = await lookUp(path, cache);
  return stamp === null ? hashFile(path) : cached;
}

interface LookUp {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** All entries of the cache, by path: `SIZE MTIME CTIME SHA256`. */
  readonly entries: Readonly<Record<string, unknown>>;
  /** Size and times of the file now, which start its entry; null if the file is too small to be cached. */
  readonly stamp: string | null;
  readonly cached: string | null;
}

const defaultCache = (): string => join(cacheFolder(), 'sha256.json');

async function lookUp(path: string, cache: string): Promise<LookUp> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  if (size < minCachedBytes) return { mtimeMs, ctimeMs, entries: {}, stamp: null, cached: null };
  const stamp = `${size} ${mtimeMs} ${ctimeMs}`;
  const entries = await readEntries(cache);
  const entry = entries[path];
  const isCurrent = typeof entry === 'string' && entry.startsWith(`${stamp} `);
  return { mtimeMs, ctimeMs, entries, stamp, cached: isCurrent ? entry.slice(stamp.length + 1) : null };
}

async function readEntries(cache: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await readJsonObject(cache, maxCacheBytes);
  } catch {
    // No cache yet, or a damaged one: the next hash writes a new one.
    return {};
  }
}

async function store(
  cache: string,
  entries: Readonly<Record<string, unknown>>,
  path: string,
  entry: string,
): Promise<void> {
  const others = Object.entries(entries).filter(([name]) => name !== path);
  const kept = [...others.slice(1 - maxEntries), [path, entry]];
  try {
    await makeFolder(dirname(cache), privateMode);
    await writeJson(cache, Object.fromEntries(kept));
  } catch {
    // A cache that cannot be written only costs time: the next run hashes the file again.
  }
}

/** SHA-256 of a regular file's bytes, in hex, without a cache. Errors as {@link openRegular}. */
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
