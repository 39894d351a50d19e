import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileError } from '../../../base/node/fileError';
import { MarginError } from '../../../base/pure/marginError';
import { readHead } from './readHead';
import { type Git, runGit } from './runGit';

/** A file as it is in the last commit. */
export interface CommittedCopy {
  /** The copy, which has the name of the file. */
  readonly file: string;
  readonly commit: Commit;
  remove(): Promise<void>;
}

export interface Commit {
  /** The short hash. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/**
 * Copies a file as the last commit (HEAD) has it, with its line ends and the content of Git LFS as a checkout would
 * write them. Filters of the repository's config may run programs, so the person must trust the folder.
 *
 * @param parent where the folder of the copy is made
 * @throws MarginError as {@link runGit} and `fileError`; `missing`; `lfs-pointer` if Git LFS is not installed
 */
export async function committedCopy(path: string, git: Git, parent = tmpdir()): Promise<CommittedCopy> {
  const file = await realpath(path).catch(() => path);
  const commit = await headCommit(file, git);
  const folder = await mkdtemp(join(parent, 'margin-head-')).catch((error: unknown) => {
    throw fileError(error, 'create', parent);
  });
  const remove = (): Promise<void> =>
    rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
      throw fileError(error, 'write', folder);
    });
  try {
    const copy = join(folder, basename(file));
    await runGit(file, ['cat-file', '--filters', `HEAD:./${basename(file)}`], git, copy);
    if ((await readHead(copy, lfsHead.length)) === lfsHead) throw pointer(path);
    return { file: copy, commit, remove };
  } catch (error) {
    // The first error says why there is no copy.
    await remove().catch(() => undefined);
    throw error;
  }
}

/**
 * The last commit that changed a file; null if none has it.
 *
 * @throws MarginError as {@link runGit}
 */
export async function lastCommitOf(path: string, git: Git): Promise<Commit | null> {
  const file = await realpath(path).catch(() => path);
  // A file name may have characters that git would read as a pattern.
  const argv = ['--literal-pathspecs', 'log', '-1', format, 'HEAD', '--', `./${basename(file)}`];
  return commitIn(await runGit(file, argv, git, null));
}

/**
 * The commit that HEAD is, of the repository of a file.
 *
 * @throws MarginError as {@link runGit}
 */
export async function headOf(path: string, git: Git): Promise<Commit> {
  return headCommit(await realpath(path).catch(() => path), git);
}

const format = '--format=%h %ct';
const lfsHead = 'version https://git-lfs.github.com/spec/';

async function headCommit(file: string, git: Git): Promise<Commit> {
  const commit = commitIn(await runGit(file, ['log', '-1', format, 'HEAD'], git, null));
  if (commit) return commit;
  throw new MarginError('no-commit', `The repository of ${file} has no commit yet.`, { file });
}

function commitIn(line: string): Commit | null {
  const [hash = '', seconds = ''] = line.split(' ');
  return hash === '' ? null : { hash, time: Number(seconds) * 1000 };
}

function pointer(file: string): MarginError {
  const message = `${file} is stored with Git LFS, which is not set up here: run git lfs install, then compare again.`;
  return new MarginError('lfs-pointer', message, { file });
}
