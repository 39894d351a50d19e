import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { replaceFile } from '../base/node/replaceFile';
import { openRegular, readJsonObject } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { hashFile } from '../base/node/fileHash';

/** Holds the SHA-256 of each other file of a checkpoint. Hashing takes a quarter of the time of a flushed write. */
const checksumsFile = 'margin-checksums.json';
/** An entry has 150 bytes, so thousands of shards fit. */
const maxBytes = 1 << 20;

interface Checksum {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes the checksums of all files in a checkpoint's folder. Call it last. Errors as {@link replaceFile}. */
export async function writeChecksums(folder: string): Promise<void> {
  const files: Record<string, Checksum> = {};
  for (const name of (await readdir(folder)).toSorted()) {
    const path = join(folder, name);
    files[name] = { bytes: await sizeOf(path), sha256: await hashFile(path) };
  }
  await replaceFile(join(folder, checksumsFile), `${JSON.stringify({ version: 1, files }, null, 2)}\n`);
}

/**
 * Compares the files of a checkpoint with their checksums. Other files in the folder are ignored. A checkpoint without
 * checksums passes: an older Margin or another program wrote it.
 *
 * @returns whether the checkpoint has checksums
 * @throws MarginError `checkpoint-damaged` naming the file, and those of {@link openRegular}
 */
export async function verifyCheckpoint(folder: string): Promise<boolean> {
  // Not a folder: a model in one file, or a wrong path, which the code that opens the model reports.
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes(checksumsFile)) return false;
  for (const [name, { bytes, sha256 }] of await readChecksums(join(folder, checksumsFile))) {
    const path = join(folder, name);
    if (!names.includes(name)) throw damaged(path, 'is missing');
    const size = await sizeOf(path);
    if (size !== bytes) throw damaged(path, `has ${size} bytes instead of ${bytes}`);
    if ((await hashFile(path)) !== sha256) throw damaged(path, 'does not match its checksum');
  }
  return true;
}

async function readChecksums(path: string): Promise<readonly (readonly [string, Checksum])[]> {
  const { files } = await readJsonObject(path, maxBytes).catch((error: unknown) => {
    throw damaged(path, error instanceof Error ? `cannot be read (${error.message})` : 'cannot be read');
  });
  const entries = isRecord(files) ? Object.entries(files) : [];
  const checksums = entries.flatMap(([name, value]) =>
    isChecksum(value) && basename(name) === name ? [[name, value] as const] : [],
  );
  if (entries.length === 0 || checksums.length < entries.length) throw damaged(path, 'is not a list of checksums');
  return checksums;
}

function isChecksum(value: unknown): value is Checksum {
  return isRecord(value) && typeof value['bytes'] === 'number' && typeof value['sha256'] === 'string';
}

async function sizeOf(path: string): Promise<number> {
  const file = await openRegular(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function damaged(path: string, what: string): MarginError {
  const message = `${path} ${what}: the checkpoint is damaged. Take another checkpoint, or restore the file.`;
  return new MarginError('checkpoint-damaged', message, { path });
}
