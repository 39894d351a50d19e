import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { replaceFile } from '../base/node/replaceFile';
import { openRegular, readJsonObject } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { hashFile } from '../base/node/fileHash';

/** SHA-256 of each other file of a checkpoint, by name. Hashing takes a quarter of the time of a flushed write. */
const checksumsFile = 'margin-checksums.json';
/** 150 bytes for each file: thousands of shards fit. */
const maxBytes = 1 << 20;

interface Checksum {
  readonly bytes: number;
  readonly sha256: string;
}

/** Records what the files of a checkpoint's folder hold, once they are all written. Errors as {@link replaceFile}. */
export async function writeChecksums(folder: string): Promise<void> {
  const files: Record<string, Checksum> = {};
  for (const name of (await readdir(folder)).toSorted()) {
    const path = join(folder, name);
    files[name] = { bytes: await sizeOf(path), sha256: await hashFile(path) };
  }
  await replaceFile(join(folder, checksumsFile), `${JSON.stringify({ version: 1, files }, null, 2)}\n`);
}

/**
 * Compares a checkpoint with what was written. Files beside those stay unasked. One without checksums passes: an older
 * Margin, or another program, wrote it.
 *
 * @returns whether there were checksums
 * @throws MarginError `checkpoint-damaged` naming the file, and those of {@link openRegular}
 */
export async function verifyCheckpoint(folder: string): Promise<boolean> {
  // No folder: a model in one file, or nothing, which whoever opens it says.
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes(checksumsFile)) return false;
  for (const [name, { bytes, sha256 }] of await readChecksums(join(folder, checksumsFile))) {
    const path = join(folder, name);
    if (!names.includes(name)) throw damaged(path, 'is gone');
    const size = await sizeOf(path);
    if (size !== bytes) throw damaged(path, `has ${size} bytes, and ${bytes} were written`);
    if ((await hashFile(path)) !== sha256) throw damaged(path, 'does not hold what was written');
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
