import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { MarginError } from '../base/pure/marginError';
import { errorCode, fileError } from '../base/node/fileError';
import { replaceFileSync, temporaryPath } from './replaceFile';
import { runVersion } from './types';

/**
 * Replaces a JSON file atomically: temporary file beside it, then rename, so that a reader sees the old or the new file
 * and a full disk leaves the old one.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await writeFile(temporary, format(value));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, 'write', path);
  }
}

/** As {@link writeJson}, before it returns: two calls of one process can never change places. */
export function writeJsonSync(path: string, value: unknown): void {
  replaceFileSync(path, format(value));
}

/**
 * An object of a JSON file, or null where the file is missing. Errors: `corrupt` (no JSON object), `newer-version`
 * where `version` is above {@link runVersion}, and those of {@link fileError}.
 */
export async function readJson(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  const text = await readText(path);
  if (text === null) return null;
  const value = parseObject(text, path);
  const { version } = value;
  if (typeof version === 'number' && version > runVersion) {
    throw new MarginError(
      'newer-version',
      `${path} was written by a newer Margin (run format ${version}; this one reads up to ${runVersion}). Update Margin to open this run.`,
      { path, version },
    );
  }
  return value;
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw fileError(error, 'read', path);
  }
}

function parseObject(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw new MarginError('corrupt', `${path} is not a JSON object: the file is damaged. Restore it, or delete the run folder.`, { path });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function format(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
