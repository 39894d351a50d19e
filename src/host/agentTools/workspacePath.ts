import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileError } from '../../base/node/fileError';
import { MarginError } from '../../base/pure/marginError';

/**
 * The real path of a file or folder that an agent names. Links are followed first, so that none leads out of the
 * workspace.
 *
 * @param given an absolute path, or one relative to a folder of the workspace
 * @param roots the folders of the workspace
 * @throws MarginError `no-workspace`, `outside-workspace`; those of `fileError` if it does not exist
 */
export async function workspacePath(given: string, roots: readonly string[]): Promise<string> {
  const places = placesOf(given, roots);
  const found = await Promise.all(places.map((place) => realpath(place).catch((error: unknown) => failure(error))));
  const real = found.find((place) => typeof place === 'string');
  if (real !== undefined) return within(real, given, roots);
  throw fileError(
    found.find((one) => one instanceof Error),
    'read',
    given,
  );
}

/**
 * The path of a file that an agent wants written: its folder exists within the workspace, and it is no link, because a
 * link could lead out of it.
 *
 * @throws MarginError as {@link workspacePath}; `not-writable` for a link
 */
export async function newWorkspacePath(given: string, roots: readonly string[]): Promise<string> {
  const [place = given] = placesOf(given, roots);
  const folder = await realpath(dirname(place)).catch((error: unknown) =>
    Promise.reject(fileError(error, 'create', given)),
  );
  const target = join(await within(folder, given, roots), basename(place));
  // A file that is missing is the usual case.
  const before = await lstat(target).catch(() => null);
  if (before === null || before.isFile()) return target;
  throw new MarginError('not-writable', `${given} is a link or a folder; choose another name.`, { path: target });
}

function placesOf(given: string, roots: readonly string[]): readonly string[] {
  if (roots.length === 0)
    throw new MarginError('no-workspace', 'Open a folder first: Margin reads files of the workspace only.');
  return isAbsolute(given) ? [given] : roots.map((root) => resolve(root, given));
}

async function within(real: string, given: string, roots: readonly string[]): Promise<string> {
  // A folder of the workspace that is gone holds no file.
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => null)));
  if (realRoots.some((root) => root !== null && isBelow(real, root))) return real;
  const message = `${given} is outside of the workspace, where Margin's tools read and write nothing.`;
  throw new MarginError('outside-workspace', message, { path: real });
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function failure(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
