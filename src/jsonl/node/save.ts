import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../base/node/fileError';
import { errorCode } from '../../base/pure/marginError';
import type { RowRun } from '../../pairs/pieceTable';
import { takeAttributes } from './attributes';
import type { LineFile } from './lineFile';
import type { FileStyle } from '../fileStyle';
import { LineWriter, type Written } from './lineWriter';
import { type Target, targetOf } from './target';
import { removeAbandoned, temporaryElsewhere, temporaryPath, completeName } from '../../base/node/temporaryFile';
import { writeInPlace } from './writeInPlace';

export interface SaveOptions {
  readonly signal?: AbortSignal;
  /** Called when all is written, before it takes the old file's place; where it throws, nothing has happened. */
  readonly beforeReplace?: () => Promise<void>;
}

/** What the rows come from: runs of rows over a file's lines, written in a style. */
export interface SavedRows {
  readonly base: LineFile;
  readonly runs: Iterable<RowRun>;
  readonly style: FileStyle;
}

/**
 * Writes rows to a file; answers what was written. The bytes go to a file beside the target, which is synced and then
 * renamed to it, so that a reader (or a crash) finds the old file or the new one; what a crash leaves beside it goes at
 * the next save or opening. Symbolic links stay, also those to nothing; owner, group, permissions and attributes stay.
 * Where the file has hard links, is a mount point, or cannot be replaced by one like it, it is written in place, see
 * {@link writeInPlace}. Throws MarginError `disk-full`, `not-writable`, `not-a-file`, `changed-on-disk`, `torn`; the
 * signal's reason when aborted. But for `torn`, the target is as it was.
 */
export async function saveLines(rows: SavedRows, name: string, options: SaveOptions = {}): Promise<Written> {
  let staged: Staged | undefined;
  try {
    const target = await targetOf(name);
    await removeAbandoned(target.path);
    staged = await stage(target);
    const writer = new LineWriter(rows.base, rows.style, staged.handle, target.path, options.signal);
    const written = await writer.write(rows.runs);
    await staged.handle.sync();
    // Windows renames no open files.
    await staged.handle.close();
    await options.beforeReplace?.();
    options.signal?.throwIfAborted();
    if (staged.name !== null) await replace(staged, staged.name, target);
    return written;
  } catch (error) {
    throw errorCode(error) === undefined ? error : fileError(error, 'write', name);
  } finally {
    await staged?.handle.close();
    if (staged && staged.name !== null) await rm(staged.name, { force: true });
  }
}

/** What is to take the target's place while it is written. */
interface Staged {
  readonly handle: FileHandle;
  readonly inPlace: boolean;
  /** Null once it stays. */
  name: string | null;
}

/** Refusals of a folder, not of the file in it: its permissions, its disk, the length of its names. */
const folderRefuses = new Set(['EACCES', 'EPERM', 'EROFS', 'ENAMETOOLONG']);

async function stage({ path: file, old }: Target): Promise<Staged> {
  const name = temporaryPath(file);
  // Until it has its owner, nobody else may read it.
  const handle = await open(name, 'wx', old ? 0o600 : 0o666).catch((error: unknown) => {
    if (old && folderRefuses.has(errorCode(error) ?? '')) return null;
    throw error;
  });
  if (!old) {
    if (handle) return { handle, inPlace: false, name };
  } else if (handle) {
    try {
      const alike = old.nlink === 1 && (await takeAttributes(handle, name, old, file));
      return { handle, inPlace: !alike, name };
    } catch (error) {
      await handle.close();
      await rm(name, { force: true });
      throw error;
    }
  }
  const elsewhere = temporaryElsewhere(file);
  return { handle: await open(elsewhere, 'wx', 0o600), inPlace: true, name: elsewhere };
}

/** Refusals of a rename where writing in place may work: a mount point, a folder or file that may not be replaced. */
const renameRefused = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM']);

async function replace(staged: Staged, name: string, { path: file, old }: Target): Promise<void> {
  if (!staged.inPlace) {
    try {
      await rename(name, file);
      staged.name = null;
      return await syncFolder(path.dirname(file));
    } catch (error) {
      if (!old || !renameRefused.has(errorCode(error) ?? '')) throw error;
    }
  }
  const whole = completeName(name);
  await rename(name, whole);
  staged.name = whole;
  await syncFolder(path.dirname(whole));
  try {
    await writeInPlace(whole, file);
  } catch (error) {
    if (errorCode(error) === 'torn') staged.name = null;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows and some network disks cannot sync a folder; the rename itself has happened.
  }
}
