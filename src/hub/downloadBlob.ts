import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';
import { statOrNull } from '../base/node/statOrNull';
import { errorCode, MarginError } from '../base/pure/marginError';
import type { HubClient } from './hubClient';
import type { HubFile } from './hubFiles';

/** Breaks without a new byte after which a download is given up. */
const mostBreaks = 4;
const firstWaitMs = 500;
const chunkBytes = 1 << 20;

export interface Download {
  readonly url: string;
  readonly file: HubFile;
  /** Where the whole file goes. What has come is beside it, in `….incomplete`, as huggingface_hub names it. */
  readonly blob: string;
  /** Called with the bytes of the file that are there. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Downloads a file. A download that broke goes on where it stopped, in this call or a later one. The file gets its name
 * only when its checksum is right.
 *
 * @throws MarginError `hub-checksum` | `hub-broken`, those of {@link HubClient.fetch} and of files; the signal's reason
 */
export async function downloadBlob(client: HubClient, download: Download): Promise<void> {
  const { file, blob } = download;
  const part = `${blob}.incomplete`;
  await makeFolder(dirname(blob));
  const resumed = await sizeOf(part);
  if (resumed > file.bytes) await remove(part);
  if ((await fetched(client, download, part)) === null) return finish(part, blob);
  await remove(part);
  // The beginning may come from another program that broke off while it wrote.
  const again = resumed > 0 ? await fetched(client, download, part) : 'wrong';
  if (again === null) return finish(part, blob);
  await remove(part);
  throw new MarginError(
    'hub-checksum',
    `The download of ${file.path} does not have the checksum that the Hub lists, so it was deleted. Try again. If it happens again, something between you and ${client.settings.endpoint} changes files.`,
    { file: file.path },
  );
}

/** Brings the part to its full length. @returns null if its checksum is right */
async function fetched(client: HubClient, download: Download, part: string): Promise<'wrong' | null> {
  const written = (error: unknown): never => {
    throw fileError(error, 'write', part);
  };
  const handle = await open(part, 'a+').catch(written);
  try {
    return await filled(client, download, part, handle);
  } finally {
    await handle.close().catch(written);
  }
}

async function filled(
  client: HubClient,
  { url, file, onBytes }: Download,
  part: string,
  handle: FileHandle,
): Promise<'wrong' | null> {
  const hash = newHash(file);
  const target = { handle, hash, length: await hashed(handle, hash), part, onBytes };
  onBytes(target.length);
  for (let breaks = 0; target.length < file.bytes;) {
    const before = target.length;
    const why = await attempt(client, url, file, target);
    if (why === null) break;
    breaks = target.length > before ? 0 : breaks + 1;
    if (breaks >= mostBreaks) throw broken(file, target.length, why);
    if (breaks > 0) await sleep(firstWaitMs * 2 ** (breaks - 1), undefined, { signal: client.signal });
  }
  await handle.sync().catch((error: unknown) => {
    throw fileError(error, 'write', part);
  });
  return target.hash.digest('hex') === file.checksum.hex ? null : 'wrong';
}

interface Target {
  readonly handle: FileHandle;
  hash: Hash;
  length: number;
  readonly part: string;
  readonly onBytes: (bytes: number) => void;
}

/** One request for what is missing. @returns why it broke off; null if nothing is missing */
async function attempt(client: HubClient, url: string, file: HubFile, target: Target): Promise<string | null> {
  try {
    const range = target.length === 0 ? {} : { range: `bytes=${target.length}-` };
    const response = await client.fetch(url, {
      headers: { ...client.authorization, ...range, 'accept-encoding': 'identity' },
    });
    if (response.status !== 206 && target.length > 0) await restart(file, target);
    for await (const chunk of response.body ?? []) await take(chunk, file, target);
  } catch (error) {
    client.signal.throwIfAborted();
    if (error instanceof MarginError && error.code !== 'hub-unreachable') throw error;
    if (errorCode(error)?.startsWith('E') === true) throw fileError(error, 'write', target.part);
    return error instanceof Error ? error.message : String(error);
  }
  return target.length < file.bytes ? 'the answer ended too soon' : null;
}

/** The server sends the file from its beginning. */
async function restart(file: HubFile, target: Target): Promise<void> {
  await target.handle.truncate(0);
  [target.length, target.hash] = [0, newHash(file)];
}

async function take(chunk: Uint8Array, file: HubFile, target: Target): Promise<void> {
  if (target.length + chunk.length > file.bytes)
    throw new MarginError(
      'hub-checksum',
      `The download of ${file.path} has more than the ${file.bytes} bytes that the Hub lists.`,
      {
        file: file.path,
      },
    );
  await target.handle.appendFile(chunk).catch((error: unknown) => {
    throw fileError(error, 'write', target.part);
  });
  target.hash.update(chunk);
  target.onBytes((target.length += chunk.length));
}

/** Git's checksum of a blob is SHA-1 over its length and its bytes. */
function newHash({ checksum, bytes }: HubFile): Hash {
  return checksum.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`);
}

/** Adds what is there to the hash. @returns its bytes */
async function hashed(handle: FileHandle, hash: Hash): Promise<number> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let length = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, length);
    if (bytesRead === 0) return length;
    hash.update(chunk.subarray(0, bytesRead));
    length += bytesRead;
  }
}

async function finish(part: string, blob: string): Promise<void> {
  await rename(part, blob).catch((error: unknown) => {
    throw fileError(error, 'write', blob);
  });
}

async function remove(part: string): Promise<void> {
  await rm(part, { force: true }).catch((error: unknown) => {
    throw fileError(error, 'write', part);
  });
}

async function sizeOf(path: string): Promise<number> {
  const found = await statOrNull(path);
  return found === null ? 0 : found.size;
}

function broken(file: HubFile, length: number, why: string): MarginError {
  return new MarginError(
    'hub-broken',
    `The download of ${file.path} broke off ${mostBreaks} times in a row at ${length.toLocaleString('en')} of ${file.bytes.toLocaleString('en')} bytes: ${why}. Try again later; it goes on where it stopped.`,
    { file: file.path, bytes: length },
  );
}
