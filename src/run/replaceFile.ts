import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';

/** A name beside a file for what is to take its place. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `${temporaryStart(path)}${randomUUID()}.tmp`);
}

/** How such names begin, by which those are known that a killed process left. */
export function temporaryStart(path: string): string {
  return `.${basename(path)}-`;
}

/** Replaces a file atomically: a reader, or a full disk, finds the old one or the new one. Errors as {@link fileError}. */
export function replaceFileSync(path: string, content: string | Uint8Array): void {
  const temporary = temporaryPath(path);
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}
