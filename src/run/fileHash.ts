import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/**
 * SHA-256 of a file, hex. That of a large one is remembered for as long as the file's size and times stay the same, for it takes a
 * second for each GB.
 *
 * @param memory a JSON file, which can be deleted at any time
 */
export async function sha256Of(path: string, memory = join(cacheFolder(), 'sha256.json')): Promise<string> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  if (size < leastBytes) return hashed(path);
  const mark = `${size} ${mtimeMs} ${ctimeMs}`;
  // A damaged memory is one without entries.
  const known = (await readJson(memory).catch(() => null)) ?? {};
  const found = known[path];
  if (typeof found === 'string' && found.startsWith(`${mark} `)) return found.slice(mark.length + 1);
  const sha256 = await hashed(path);
  if (Date.now() - Math.max(mtimeMs, ctimeMs) > settledMs) await remember(memory, known, path, `${mark} ${sha256}`);
  return sha256;
}

async function remember(memory: string, known: Readonly<Record<string, unknown>>, path: string, entry: string): Promise<void> {
  const kept = Object.entries(known).filter(([name]) => name !== path).slice(1 - mostEntries);
  const write = async (): Promise<void> => {
    await mkdir(dirname(memory), { recursive: true });
    await writeJson(memory, Object.fromEntries([...kept, [path, entry]]));
  };
  // Where nothing can be written, the next run hashes again.
  await write().catch(() => undefined);
}

async function hashed(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
