import type { Stats } from 'node:fs';
import { access, constants, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, MarginError } from '../../base/pure/marginError';
import { sameFile, stampOf } from '../stamp';

/** Where a save goes. */
export interface Target {
  /** The file itself, behind all symbolic links. */
  readonly path: string;
  /** The file that is there now; null where there is none. */
  readonly old: Stats | null;
}

/** As many as Linux follows. */
const maxLinks = 40;

/**
 * The file that a path names or would name: a symbolic link to nothing names what it points to. Throws MarginError
 * `not-a-file` where there is something else, and file errors.
 */
export async function targetOf(name: string): Promise<Target> {
  const file = await behindLinks(path.resolve(name), maxLinks);
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

async function behindLinks(file: string, left: number): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || left === 0) throw error;
  }
  const to = await readlink(file).catch(() => null);
  // No link: a file that is not there yet.
  return to === null ? file : behindLinks(path.resolve(path.dirname(file), to), left - 1);
}

/** Whether both names lead to one file, there already or not; hard links are names of one. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  // What is not there, or cannot be looked at, is told by the save.
  const [first, second] = await Promise.all([stat(one), stat(other)]).catch(() => []);
  if (!first || !second) return path.resolve(one) === path.resolve(other);
  return sameFile(stampOf(first), stampOf(second));
}
