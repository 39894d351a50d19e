import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './fileError';

/** A name beside a file for what is to take its place. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `${temporaryStart(path)}${randomUUID()}.tmp`);
}

/** How such names begin, by which those are known that a killed process left. */
export function temporaryStart(path: string): string {
  return `.${basename(path)}-`;
}

/**
 * Replaces a file atomically and for good: a reader, a full disk or a power cut finds the old one or the new one. File
 * and folder are flushed, which takes some milliseconds; measured 6 ms beside 1 ms without, on ext4 on a virtual disk.
 * Errors as {@link fileError}.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}

/**
 * Replaces a file atomically before it returns, so that two calls of one process never change places. It is not
 * flushed: after a power cut the file may be empty, so this is for what can be derived again, or is rewritten all the
 * time. Errors as {@link fileError}.
 */
export function replaceFileSync(path: string, content: string | Uint8Array): void {
  const temporary = temporaryPath(path);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}

/** Makes what was renamed in a folder outlast a power cut, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows opens no folders, and some network disks flush none: the rename itself has happened.
  }
}
