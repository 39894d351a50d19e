import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';

/** The variable that names a Python to use in place of Margin's own. */
export const pythonVariable = 'MARGIN_PYTHON';

const windows = process.platform === 'win32';
const checked = 'import importlib.metadata as m; print(m.version("trl"), m.version("torch"))';
/** The oldest Python that the packages run on. */
const leastPython = [3, 10] as const;
/** Characters of a program's last words that an error shows. */
const shown = 800;

export interface EnvironmentOptions {
  /** The text of requirements.txt. */
  readonly requirements: string;
  /** The folder that Margin's own environments lie in. */
  readonly cache: string;
  /** The Python that the user names; undefined: Margin's own. */
  readonly named: string | undefined;
  /** Gets lines about the progress. */
  readonly say: (line: string) => void;
  /** Ends the installation. */
  readonly signal: AbortSignal;
}

/**
 * A Python with the packages of TRL: the named one, or that of an environment that is made once (some GB, minutes).
 *
 * @throws MarginError `python-missing` | `python-lacks` with what to do, `install-failed` with pip's last words
 */
export async function readyPython({ requirements, cache, named, say, signal }: EnvironmentOptions): Promise<string> {
  if (named !== undefined && named !== '') return check(named, signal);
  const digest = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  const folder = join(cache, `trl-${digest}`);
  const python = pythonIn(folder);
  if (!existsSync(python)) await install(folder, requirements, say, signal);
  return check(python, signal);
}

const pythonIn = (folder: string): string => join(folder, windows ? 'Scripts/python.exe' : 'bin/python');

async function check(python: string, signal: AbortSignal): Promise<string> {
  try {
    await output(python, ['-c', checked], signal);
    return python;
  } catch (error) {
    signal.throwIfAborted();
    const said = lastWords(error);
    const hint = `Install the packages of the run's trl/requirements.txt there, or unset ${pythonVariable} to let Margin make an environment.`;
    throw new MarginError('python-lacks', `${python} does not have TRL: ${said} ${hint}`, { python });
  }
}

/** Made under a partial name and renamed when complete, so an interrupted installation is never used. */
async function install(
  folder: string,
  requirements: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const base = await basePython(signal);
  const partial = `${folder}.partial-${process.pid}`;
  say(`Installing PyTorch and TRL into ${folder}, once (some GB, minutes)`);
  try {
    await mkdir(partial, { recursive: true });
    await output(base, ['-m', 'venv', partial], signal);
    const list = join(partial, 'requirements.txt');
    await writeFile(list, requirements);
    await output(
      pythonIn(partial),
      ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', list],
      signal,
      (line) => {
        const found = /^(?:Collecting|Downloading|Installing) .*/.exec(line);
        if (found) say(found[0].slice(0, 120));
      },
    );
    // A Python environment may be moved: it finds its packages beside its program.
    if (!existsSync(folder)) await rename(partial, folder);
    say('PyTorch and TRL are installed');
  } catch (error) {
    signal.throwIfAborted();
    throw new MarginError('install-failed', `TRL could not be installed into ${folder}: ${lastWords(error)}`, {
      folder,
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function basePython(signal: AbortSignal): Promise<string> {
  const python = windows ? 'python' : 'python3';
  const least = leastPython.join('.');
  const ask = `import ensurepip, venv, sys; sys.exit(sys.version_info[:2] < (${leastPython.join(', ')}))`;
  try {
    await output(python, ['-c', ask], signal);
    return python;
  } catch {
    signal.throwIfAborted();
    throw new MarginError(
      'python-missing',
      `backend: trl needs Python ${least} or newer with venv, and there is no such ${python} on the PATH. Install it, or name one with TRL in the variable ${pythonVariable}.`,
      { python },
    );
  }
}

/** Runs a program to its end. @returns what it printed @throws Error with its last words */
async function output(
  program: string,
  argv: readonly string[],
  signal: AbortSignal,
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'], signal, windowsHide: true });
  let [out, err, open] = ['', '', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    lines.forEach((line) => onLine(line.trim()));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err = (err + text).slice(-8 * shown)));
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  if (code !== 0) throw new Error(err.trim() === '' ? `exit code ${code}` : err.trim());
  return out;
}

function lastWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').findLast((one) => one.trim() !== '');
  return (line ?? text).trim().slice(-shown);
}
