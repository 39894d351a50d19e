import { MarginError } from '../pure/marginError';
import { replaceFile, replaceFileSync } from './replaceFile';

/** Replaces a JSON file atomically and flushes it to disk. Errors as {@link replaceFile}. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await replaceFile(path, format(value));
}

/** Replaces a JSON file atomically before it returns, without a flush. Errors as {@link replaceFileSync}. */
export function writeJsonSync(path: string, value: unknown): void {
  replaceFileSync(path, format(value));
}

/** The result of a read, or null if the file or a folder of its path is missing. */
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
