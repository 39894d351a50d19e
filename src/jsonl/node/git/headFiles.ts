import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Git, runGit } from './runGit';

/** Files of a repository that git writes when HEAD moves; not each repository has each. See gitrepository-layout(5). */
const written = ['HEAD', 'logs/HEAD', 'reftable/tables.list'] as const;

/**
 * Paths of the files that git writes when the HEAD of a file's repository moves: by a commit, a checkout, a reset. Not
 * all of them exist. Git may write them while HEAD stays.
 *
 * @throws MarginError as {@link runGit}
 */
export async function headFiles(path: string, git: Git): Promise<readonly string[]> {
  const file = await realpath(path).catch(() => path);
  // Without a log of its moves, HEAD changes only in the file of its branch.
  const ref = await runGit(file, ['rev-parse', '--symbolic-full-name', 'HEAD'], git, null);
  const names = new Set([...written, ref]);
  const argv = ['rev-parse', ...[...names].flatMap((name) => ['--git-path', name])];
  const paths = await runGit(file, argv, git, null);
  // Relative to the folder in which git ran.
  return paths.split('\n').map((one) => resolve(dirname(file), one));
}
