import { execFile } from 'node:child_process';
import { constants, copyFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileError } from '../../base/node/fileError';
import { errorCode } from '../../base/pure/marginError';
import { safeFolder } from './git/runGit';

const gitMs = 10_000;

/**
 * Copies a file before many of its rows are changed, unless git has the same content: then the copy would be of no use.
 * `pairs.jsonl` is copied to `pairs.before-fix.jsonl`, or `pairs.before-fix-2.jsonl` if that exists.
 *
 * @param what names the change in the name of the copy
 * @param asksGit false in a folder that is not trusted: its settings may name programs that git would run
 * @returns the path of the copy; null if git has the content
 * @throws MarginError as {@link fileError}: then nothing should be changed
 */
export async function keepCopy(file: string, what: string, asksGit: boolean): Promise<string | null> {
  if (asksGit && (await isCommitted(file))) return null;
  const { dir, name, ext } = path.parse(file);
  for (let count = 1; ; count++) {
    const copy = path.join(dir, `${name}.${what}${count === 1 ? '' : `-${count}`}${ext}`);
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      return copy;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw fileError(error, 'create', copy);
    }
  }
}

/** Whether git follows the file and its last commit has this content. False if there is no git or no repository. */
async function isCommitted(file: string): Promise<boolean> {
  const { dir, base } = path.parse(file);
  // Settings of a repository may name a program to ask for changes: it must not run.
  const argv = [
    '-C',
    path.resolve(dir),
    '-c',
    'core.fsmonitor=false',
    'status',
    '--porcelain',
    '--ignored',
    '--untracked-files=all',
    '--',
    base,
  ];
  try {
    const { stdout } = await promisify(execFile)('git', argv, { cwd: safeFolder, timeout: gitMs });
    return stdout.trim() === '';
  } catch {
    // No git, or no repository: a copy is never wrong.
    return false;
  }
}
