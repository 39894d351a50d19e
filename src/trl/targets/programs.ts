import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { errorCode, errorMessage, MarginError } from '../../base/pure/marginError';

/** Copying a large model to a target may take hours; a program that says nothing for longer hangs. */
const timeoutMs = 6 * 3_600_000;
/** Status lines are short, and progress of a copy is not read. */
const maxOutputBytes = 16 << 20;
/** Characters of a program's complaint that are shown. */
const maxComplaint = 600;

/**
 * Runs a program without a shell, and returns what it prints. Tokens reach it only through the environment.
 *
 * @throws MarginError `target-program-missing` | `target-command` with the end of what it complained
 */
export function runProgram(command: readonly string[], signal?: AbortSignal): Promise<string> {
  const [program, ...args] = command;
  if (program === undefined) throw new MarginError('target-command', 'A command of the target is empty.');
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: maxOutputBytes, timeout: timeoutMs, windowsHide: true, ...(signal ? { signal } : {}) };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failure(program, error, stderr));
    });
  });
}

function failure(program: string, error: Error, stderr: string): MarginError {
  if (errorCode(error) === 'ENOENT')
    return new MarginError(
      'target-program-missing',
      `The program ${program} is not on this machine's PATH, and the target needs it. Install it, or choose another target.`,
      { program },
    );
  const complaint = stderr.trim().slice(-maxComplaint);
  const text = complaint === '' ? errorMessage(error).slice(0, maxComplaint) : complaint;
  return new MarginError('target-command', `${program} failed: ${text}`, { program, complaint: text });
}

/** Those of some programs that are not on the PATH. */
export async function missingPrograms(programs: readonly string[], env = process.env): Promise<string[]> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  const places = (program: string): string[] =>
    folders.flatMap((folder) => endings.map((ending) => join(folder, program + ending)));
  const found = await Promise.all(programs.map((program) => firstExecutable(places(program))));
  return programs.filter((_, i) => found[i] === null);
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}
