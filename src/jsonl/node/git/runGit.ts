import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCode, MarginError } from '../../../base/pure/marginError';
import { NewFile } from './newFile';

/** How to run git. */
export interface Git {
  /** The program: a path or a name. */
  readonly program: string;
  readonly signal?: AbortSignal;
}

/** What git says, in English, and which error that is. */
const failures: readonly (readonly [RegExp, string, string])[] = [
  [/not a git repository/, 'not-in-repository', 'is in no git repository'],
  [
    /does not exist in|exists on disk, but not in|not a valid object name|path .* not in/i,
    'not-committed',
    'is not in the last commit',
  ],
] as const;
const noCommit =
  /unknown revision|bad revision|ambiguous argument 'HEAD'|does not have any commits|invalid object name 'HEAD'/i;

/** Settings of a repository may name programs that git would run to read it. These settings turn that off. */
const quiet = ['-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false'];

/** Windows looks for a program in the working folder first. Nobody else can put one here. */
export const safeFolder = dirname(process.execPath);

/**
 * Runs git for the folder of a file.
 *
 * @param target the file that gets its output; null to return it
 * @throws MarginError `git-missing`, `not-in-repository`, `not-committed`, `no-commit`, else `git-failed` with what git
 *   said; those of `fileError` for the target; the signal's reason if aborted
 */
export async function runGit(file: string, argv: readonly string[], git: Git, target: string | null): Promise<string> {
  const { signal } = git;
  // Messages are in English, so that they can be told apart. A lock would disturb a git that the person runs.
  const env = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
  const all = ['-C', resolve(dirname(file)), ...quiet, ...argv];
  const child = spawn(git.program, all, { cwd: safeFolder, env, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const said = new Collected();
  const read = new Collected();
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const written = pipeline(child.stdout, target === null ? read : new NewFile(target));
  const heard = pipeline(child.stderr, said);
  const [code, ...streams] = await Promise.allSettled([ended, written, heard]);
  signal?.throwIfAborted();
  if (code.status === 'rejected') throw startError(code.reason, git.program);
  // A git whose output is not taken fails too.
  if (streams[0].status === 'rejected' && streams[0].reason instanceof MarginError) throw streams[0].reason;
  if (code.value !== 0) throw failure(file, said.text, argv);
  for (const stream of streams) if (stream.status === 'rejected') throw stream.reason;
  return read.text;
}

/** Keeps what is written into it. */
class Collected extends Writable {
  private readonly chunks: Buffer[] = [];

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8').trim();
  }
}

function startError(error: unknown, program: string): unknown {
  if (errorCode(error) !== 'ENOENT') return error;
  const message = 'git was not found on this machine. Install it, or compare with another file.';
  return new MarginError('git-missing', message, { program });
}

function failure(file: string, said: string, argv: readonly string[]): MarginError {
  if (noCommit.test(said)) {
    return new MarginError('no-commit', `The repository of ${file} has no commit yet.`, { file });
  }
  const known = failures.find(([pattern]) => pattern.test(said));
  if (known) return new MarginError(known[1], `${file} ${known[2]}, so there is nothing to compare it with.`, { file });
  return new MarginError('git-failed', `git could not read ${file}: ${said}`, { file, argv: argv.join(' ') });
}
