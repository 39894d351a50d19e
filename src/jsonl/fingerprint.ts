import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { fileError } from './fileError';

/** What tells whether a file is still the one that was read. */
export interface Fingerprint {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  /** SHA-256 of the first and last 64 KB, hex. */
  readonly hash: string;
}

const edgeBytes = 1 << 16;

export async function fingerprintOf(handle: FileHandle): Promise<Fingerprint> {
  const { size, mtimeMs } = await handle.stat();
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(Math.min(edgeBytes, size));
  for (const position of [0, Math.max(0, size - edgeBytes)]) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    hash.update(buffer.subarray(0, bytesRead));
  }
  return { size, mtime: mtimeMs, hash: hash.digest('hex') };
}

/** The fingerprint of the file now at `file`; null where there is none. */
export async function fingerprintAt(file: string): Promise<Fingerprint | null> {
  try {
    const handle = await open(file, 'r');
    try {
      return await fingerprintOf(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fileError(error, file, 'read');
  }
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.size === b.size && a.mtime === b.mtime && a.hash === b.hash;
}
