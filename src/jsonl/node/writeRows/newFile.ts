import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../../base/node/fileError';
import { syncFolder } from '../../../base/node/replaceFile';
import { temporaryPath } from '../../../base/node/temporaryFile';

export interface WriteRowsOptions {
  readonly signal?: AbortSignal;
  /** Called now and then with the number of rows written. */
  readonly onProgress?: (rows: number) => void;
}

/** Rows between two calls of `onProgress`. */
const progressRows = 1000;

/** Counts rows for {@link WriteRowsOptions}. */
export class RowCounter {
  rows = 0;

  constructor(private readonly options: WriteRowsOptions) {}

  /** Call this before each row. @throws the signal's reason if aborted */
  next(): void {
    this.options.signal?.throwIfAborted();
    if (this.rows % progressRows === 0) this.options.onProgress?.(this.rows);
    this.rows++;
  }
}

/**
 * Writes a file through a temporary one beside it: after an error there is the old file or none, never a part.
 *
 * @throws MarginError as {@link fileError}, and what `write` throws
 */
export async function writeNewFile<T>(file: string, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  const temporary = temporaryPath(file);
  try {
    const handle = await open(temporary, 'wx');
    try {
      const result = await write(handle);
      await handle.sync();
      await handle.close();
      await rename(temporary, file);
      await syncFolder(path.dirname(file));
      return result;
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof Error && 'syscall' in error ? fileError(error, 'write', file) : error;
  }
}
