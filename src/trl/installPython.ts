import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidExists } from '../base/node/thisMachine';
import { MarginError } from '../base/pure/marginError';
import type { EnvironmentOptions } from './environment';
import { lastWords, outputOf } from './pythonOutput';

const windows = process.platform === 'win32';
/** The oldest Python that the packages run on. */
const leastPython = [3, 10] as const;
/** How often a process looks whether another one has installed the packages. */
const pollMs = 1000;
/** Downloads of more megabytes than this are worth a line. */
const largeMegabytes = 10;

export interface InstallOptions extends Omit<EnvironmentOptions, 'cache' | 'named'> {
  /** The folder of the environment. */
  readonly folder: string;
  /** What is wrong with that folder; null: nothing. */
  readonly damage: () => Promise<string | null>;
}

/** The Python of an environment. */
export const pythonIn = (folder: string): string => join(folder, windows ? 'Scripts/python.exe' : 'bin/python');

/**
 * Makes a Python environment, in place of a damaged one. It is made under a partial name and renamed when complete, so
 * an interrupted installation is never used. If another process makes it already, this one waits.
 *
 * @throws MarginError `python-missing` | `install-failed`
 */
export async function installPython(options: InstallOptions): Promise<void> {
  const { folder, say, signal, damage } = options;
  if (await madeByAnother(options)) return;
  const python = await basePython(signal);
  const partial = `${folder}.partial-${process.pid}-${hostname()}`;
  const again = existsSync(folder) ? ` It is damaged, so it is made again: ${await damage()}` : '';
  say(`Installing PyTorch and TRL into ${folder}, once (some GB, minutes).${again}`);
  try {
    await fill(partial, python, options);
    if ((await damage()) !== null) {
      await rm(folder, { recursive: true, force: true });
      // A Python environment may be moved: it finds its packages beside its program.
      await rename(partial, folder);
    }
    say('PyTorch and TRL are installed');
  } catch (error) {
    signal.throwIfAborted();
    const message = `TRL could not be installed into ${folder}: ${lastWords(error)} Check the network and the space on the disk, or name a Python that has it in the variable MARGIN_PYTHON.`;
    throw new MarginError('install-failed', message, { folder });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function fill(partial: string, python: string, { requirements, say, signal }: InstallOptions): Promise<void> {
  await mkdir(partial, { recursive: true });
  await outputOf(python, ['-m', 'venv', partial], signal);
  const list = join(partial, 'requirements.txt');
  await writeFile(list, requirements);
  const install = ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', list];
  await outputOf(pythonIn(partial), install, signal, (line) => {
    const text = pipProgress(line);
    if (text !== null) say(text);
  });
}

/** What a line of pip says to a person; null: too little. It prints two lines for each of some 50 packages. */
export function pipProgress(line: string): string | null {
  const [, file = '', size = '', unit] = /^Downloading (\S+) \(([\d.]+) (MB|GB)\)/.exec(line) ?? [];
  const isLarge = unit === 'GB' || (unit === 'MB' && Number(size) >= largeMegabytes);
  if (isLarge) return `Downloading ${file.split('-').slice(0, 2).join(' ')} (${size} ${unit})`;
  const [, packages] = /^Installing collected packages: (.*)/.exec(line) ?? [];
  return packages === undefined ? null : `Unpacking ${packages.split(',').length} packages, which takes minutes`;
}

/** Waits while another process makes the environment, and removes what dead ones left. @returns whether it is whole */
async function madeByAnother({ folder, say, signal, damage }: InstallOptions): Promise<boolean> {
  for (let waited = false; await isBeingMade(folder); waited = true) {
    if (!waited) say(`Another process installs PyTorch and TRL into ${folder}; waiting for it`);
    await sleep(pollMs, undefined, { signal });
  }
  return (await damage()) === null;
}

/** A home folder may be shared: of the environments that other machines make, nothing is known. */
async function isBeingMade(folder: string): Promise<boolean> {
  const parent = dirname(folder);
  const names = existsSync(parent) ? await readdir(parent) : [];
  const left = names.filter((one) => one.startsWith(`${basename(folder)}.partial-`) && one.endsWith(`-${hostname()}`));
  let isAlive = false;
  for (const name of left) {
    const pid = Number(/\.partial-(\d+)-/.exec(name)?.[1]);
    // Nobody else has this process's number, so it is what a dead process with the same number left.
    if (pid !== process.pid && pidExists(pid)) isAlive = true;
    else await rm(join(parent, name), { recursive: true, force: true });
  }
  return isAlive;
}

async function basePython(signal: AbortSignal): Promise<string> {
  const python = windows ? 'python' : 'python3';
  const least = leastPython.join('.');
  const ask = `import ensurepip, venv, sys; sys.exit(sys.version_info[:2] < (${leastPython.join(', ')}))`;
  try {
    await outputOf(python, ['-c', ask], signal);
    return python;
  } catch {
    signal.throwIfAborted();
    throw new MarginError(
      'python-missing',
      `backend: trl needs Python ${least} or newer with venv, and there is no such ${python} on the PATH. Install it, or name one with TRL in the variable MARGIN_PYTHON.`,
      { python },
    );
  }
}
