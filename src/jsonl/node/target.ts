import type { Stats } from 'node:fs';
import { access, constants, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, MarginError } from '../../base/pure/marginError';
import { sameFile, stampOf } from '../stamp';

/** The file that a save replaces or creates. */
export interface SaveTarget {
  /** Its real path, after all symbolic links. */
  readonly path: string;
  /** The existing file; null if there is none. */
  readonly old: Stats | null;
}

/** The most links that are followed, as in Linux. */
const maxLinks = 40;

/**
 * The file that a path names. For a broken symbolic link that is the missing file to which it points.
 *
 * @throws MarginError `not-a-file` for a folder, pipe, device or socket; Node's file errors
 */
export async function targetOf(name: string): Promise<SaveTarget> {
  const file = await followLinks(path.resolve(name), maxLinks);
  const old = await stat(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (old === null) return { path: file, old };
  if (!old.isFile()) {
    const what = old.isDirectory() ? 'a folder' : 'not a regular file (a pipe, device or socket)';
    throw new MarginError('not-a-file', `${file} is ${what}. Name a regular file.`, { path: file });
  }
  // A rename would ignore write protection.
  await access(file, constants.W_OK);
  return { path: file, old };
}

async function followLinks(file: string, left: number): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || left === 0) throw error;
  }
  // readlink fails if it is not a link: a file that does not exist yet.
  const to = await readlink(file).catch(() => null);
  return to === null ? file : followLinks(path.resolve(path.dirname(file), to), left - 1);
}

/** How many names a file has: 1, and more with hard links. @throws Node's file errors */
export async function namesOf(file: string): Promise<number> {
  return (await stat(file)).nlink;
}

/** Whether both paths name the same file, which need not exist. Hard links name the same file. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  // A file that is missing or unreadable is compared by its path. The save reports the error.
  const [first, second] = await Promise.all([stat(one), stat(other)]).catch(() => []);
  if (!first || !second) return path.resolve(one) === path.resolve(other);
  return sameFile(stampOf(first), stampOf(second));
}
