import { MarginError } from '../base/pure/marginError';
import { replaceFile, replaceFileSync } from '../base/node/replaceFile';
import { readJsonObject } from '../base/node/smallFile';
import { runVersion } from './types';

/** Replaces a JSON file atomically and for good, as {@link replaceFile} does. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await replaceFile(path, format(value));
}

/** Replaces a JSON file atomically, but not for good, before it returns: see {@link replaceFileSync}. */
export function writeJsonSync(path: string, value: unknown): void {
  replaceFileSync(path, format(value));
}

/**
 * An object of a JSON file, or null where the file is missing. Errors: `newer-version` where `version` is above
 * {@link runVersion}, and those of {@link readJsonObject}.
 */
export async function readJson(path: string, maxBytes: number): Promise<Readonly<Record<string, unknown>> | null> {
  const value = await nullIfMissing(readJsonObject(path, maxBytes));
  const version = value?.['version'];
  if (typeof version === 'number' && version > runVersion) {
    throw new MarginError(
      'newer-version',
      `${path} was written by a newer Margin (run format ${version}; this one reads up to ${runVersion}). Update Margin to open this run.`,
      { path, version },
    );
  }
  return value;
}

/** The result of a read, or null where the file, or a folder of its path, is missing. */
export async function nullIfMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof MarginError && (error.code === 'missing' || error.code === 'not-a-folder')) return null;
    throw error;
  }
}

function format(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
