import { type FileHandle, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { fileError } from '../../base/node/fileError';
import { removeIfPossible, syncFolder } from '../../base/node/replaceFile';
import { errorCode } from '../../base/pure/marginError';
import type { RowRun } from '../../pairs/pieceTable';
import { takeAttributes } from './attributes';
import type { LineFile } from './lineFile';
import type { FileStyle } from '../fileStyle';
import { LineWriter, type WrittenFile } from '../lineWriter';
import { type SaveTarget, targetOf } from './target';
import { removeAbandoned, temporaryElsewhere, temporaryPath, completeName } from '../../base/node/temporaryFile';
import { writeInPlace } from './writeInPlace';

export interface SaveOptions {
  readonly signal?: AbortSignal;
  /** Called when the new file is complete, before it replaces the old one. If it throws, the old file stays. */
  readonly beforeReplace?: () => Promise<void>;
}

/** The rows to save: runs of lines of `base` and of new lines, and the style of the file. */
export interface SavedRows {
  readonly base: LineFile;
  readonly runs: Iterable<RowRun>;
  readonly style: FileStyle;
}

/**
 * Writes rows to a file atomically, see {@link saveFile}.
 *
 * @throws MarginError as {@link saveFile}
 */
export function saveLines(rows: SavedRows, name: string, options: SaveOptions = {}): Promise<WrittenFile> {
  const { base, style, runs } = rows;
  const { signal } = options;
  const write = (handle: FileHandle, file: string): Promise<WrittenFile> => {
    const writeAll = (bytes: Uint8Array): Promise<void> => writeBytes(handle, bytes);
    return new LineWriter(base, style, { file, crc32, write: writeAll, signal }).write(runs);
  };
  return saveFile(name, write, options);
}

async function writeBytes(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

/**
 * Writes a file atomically. The bytes go to a temporary file in the same folder, which is flushed and renamed to the
 * target: a reader, or a crash, finds the old file or the new one. The next save or opening removes what a crash left.
 * Symbolic links stay, even broken ones. Owner, group, permissions and attributes stay too. A file is overwritten in
 * place (see {@link writeInPlace}) if it has hard links, is a mount point, or would lose owner or attributes.
 *
 * @param write writes the bytes to the temporary file; if it throws, the old file stays
 * @returns the result of `write`
 * @throws MarginError `disk-full`, `not-writable`, `not-a-file`, `changed-on-disk`, `torn`; the signal's reason if
 *   aborted. Except after `torn`, the target is unchanged.
 */
export async function saveFile<Result>(
  name: string,
  write: (handle: FileHandle, path: string) => Promise<Result>,
  options: SaveOptions = {},
): Promise<Result> {
  let staged: Staged | undefined;
  try {
    const target = await targetOf(name);
    await removeAbandoned(target.path);
    staged = await stage(target);
    const written = await write(staged.handle, target.path);
    await staged.handle.sync();
    // Windows cannot rename an open file.
    await staged.handle.close();
    await options.beforeReplace?.();
    options.signal?.throwIfAborted();
    if (staged.name !== null) await replace(staged, staged.name, target);
    return written;
  } catch (error) {
    throw errorCode(error) === undefined ? error : fileError(error, 'write', name);
  } finally {
    // A close that fails after a failure says nothing new; after a success the handle is closed already.
    await staged?.handle.close().catch(() => undefined);
    if (staged && staged.name !== null) await removeIfPossible(staged.name);
  }
}

/** The temporary file that will replace the target. */
interface Staged {
  readonly handle: FileHandle;
  readonly inPlace: boolean;
  /** Null once the file must not be removed any more. */
  name: string | null;
}

/** Errors of a folder that accepts no new file, although a file in it may be writable. */
const folderRefuses = new Set(['EACCES', 'EPERM', 'EROFS', 'ENAMETOOLONG']);

async function stage({ path: file, old }: SaveTarget): Promise<Staged> {
  const name = temporaryPath(file);
  // Nobody else may read the file until it has its owner and permissions.
  const handle = await open(name, 'wx', old ? 0o600 : 0o666).catch((error: unknown) => {
    if (old && isOneOf(folderRefuses, error)) return null;
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
      await removeIfPossible(name);
      throw error;
    }
  }
  const elsewhere = temporaryElsewhere(file);
  return { handle: await open(elsewhere, 'wx', 0o600), inPlace: true, name: elsewhere };
}

/** Errors of a rename after which overwriting in place may work: at a mount point, or without the right to replace. */
const renameRefused = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM']);

async function replace(staged: Staged, name: string, { path: file, old }: SaveTarget): Promise<void> {
  if (!staged.inPlace) {
    try {
      await rename(name, file);
      staged.name = null;
      return await syncFolder(path.dirname(file));
    } catch (error) {
      if (!old || !isOneOf(renameRefused, error)) throw error;
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

function isOneOf(codes: ReadonlySet<string>, error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && codes.has(code);
}
