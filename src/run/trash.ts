import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { nullIfMissing, writeJson } from '../base/node/jsonFile';
import { makeFolder } from '../base/node/makeFolder';
import { readJsonObject } from '../base/node/smallFile';
import { errorCode, MarginError } from '../base/pure/marginError';
import { subfolders } from './find';
import { RunLock } from './lock';

/** The file has a path and a time. */
const maxRecordBytes = 1 << 16;
const lockFile = /^lock-.*\.json$/;
const dayMs = 86_400_000;

/** A run in the trash. */
export interface TrashedRun {
  /** Where it is now. */
  readonly folder: string;
  /** Where it was. */
  readonly from: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The trash beside a runs folder: `.margin/trash` for `.margin/runs`. */
export function trashFolder(outputDir: string): string {
  return join(dirname(outputDir), 'trash');
}

const recordFile = (folder: string): string => join(folder, 'trashed.json');

/**
 * Moves a run folder into the trash beside its runs folder.
 *
 * @returns its new folder
 * @throws MarginError `run-locked` while a process trains or scores it, and those of {@link fileError}
 */
export async function moveToTrash(run: string): Promise<string> {
  const lock = await RunLock.acquire(run, 'deleting');
  try {
    const trash = trashFolder(dirname(run));
    await makeFolder(trash);
    const target = await freeName(join(trash, basename(run)));
    await writeJson(recordFile(run), { from: run, at: Date.now() });
    await rename(run, target);
    // The lock moved along, and would keep a restored run locked.
    for (const name of await readdir(target)) if (lockFile.test(name)) await rm(join(target, name), { force: true });
    return target;
  } catch (error) {
    throw fileError(error, 'write', run);
  } finally {
    lock.release();
  }
}

/** The runs in a trash folder, the newest first. A folder without a record is no run, and is left out. */
export async function listTrash(trash: string): Promise<TrashedRun[]> {
  const found = await Promise.all((await subfolders(trash)).map(recordOf));
  return found.filter((one) => one !== null).sort((a, b) => b.at - a.at);
}

async function recordOf(folder: string): Promise<TrashedRun | null> {
  const value = await nullIfMissing(readJsonObject(recordFile(folder), maxRecordBytes)).catch(() => null);
  const [from, at] = [value?.['from'], value?.['at']];
  return typeof from === 'string' && typeof at === 'number' ? { folder, from, at } : null;
}

/**
 * Moves a run back into its runs folder beside the trash. Only the names of that folder and of the run come from the
 * record: a whole path of somebody else could lead anywhere, and one of a folder that was moved leads nowhere.
 *
 * @returns its folder
 * @throws MarginError `not-in-trash`; `exists` if another folder is there by now; those of {@link fileError}
 */
export async function restoreRun(folder: string): Promise<string> {
  const record = await recordOf(folder);
  const names = record === null ? [] : [basename(dirname(record.from)), basename(record.from)];
  if (names.length === 0 || names.some((name) => ['', '.', '..'].includes(name)))
    throw new MarginError('not-in-trash', `${folder} is not a run in the trash.`, { folder });
  const from = join(dirname(dirname(folder)), ...names);
  if (await exists(from))
    throw new MarginError('exists', `${from} exists already, so the run stays in the trash.`, { folder, from });
  try {
    await makeFolder(dirname(from));
    await rename(folder, from);
    await rm(recordFile(from), { force: true });
    return from;
  } catch (error) {
    throw fileError(error, 'write', from);
  }
}

/** The runs that were moved to the trash more than `days` ago. */
export async function expiredRuns(trash: string, days: number, now = Date.now()): Promise<TrashedRun[]> {
  return (await listTrash(trash)).filter(({ at }) => now - at >= days * dayMs);
}

/** Deletes runs of the trash for good. */
export async function removeForGood(runs: readonly TrashedRun[]): Promise<void> {
  for (const { folder } of runs) {
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) =>
      Promise.reject(fileError(error, 'write', folder)),
    );
  }
}

/** Bytes of the files in a folder, without following links. What disappears meanwhile counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await folderBytes(path);
    else if (entry.isFile()) bytes += (await lstat(path).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

async function freeName(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    if (!(await exists(candidate))) return candidate;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => errorCode(error) !== 'ENOENT',
  );
}
