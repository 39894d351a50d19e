import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { installPython, pythonIn } from './installPython';
import { lastWords, outputOf } from './pythonOutput';

/** The variable that names a Python to use in place of Margin's own. */
export const pythonVariable = 'MARGIN_PYTHON';

/** Prints the version of each package that the arguments name. A package whose files are gone is an error too. */
const versions = `
import importlib.metadata as m, importlib.util as u, sys
for name in sys.argv[1:]:
    print(name, m.version(name))
    if u.find_spec(name) is None: sys.exit(f"The files of {name} are gone")
`;

export interface EnvironmentOptions {
  /** The text of requirements.txt: a line `name==version` for each package. */
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
 * A Python with the packages of TRL: the named one, or that of an environment that is made once (some GB, minutes). If
 * that is damaged, it is made again.
 *
 * @throws MarginError `python-missing` | `python-lacks` with what to do, `install-failed` with pip's last words
 */
export async function readyPython(options: EnvironmentOptions): Promise<string> {
  const { requirements, cache, named, signal } = options;
  if (named !== undefined && named !== '') return namedPython(named, signal);
  const digest = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  const folder = join(cache, `trl-${digest}`);
  const names = namesOf(requirements);
  const damage = (): Promise<string | null> => damageOf(folder, names, signal);
  if ((await damage()) !== null) await installPython({ ...options, folder, damage });
  const left = await damage();
  if (left === null) return pythonIn(folder);
  throw new MarginError('install-failed', `${folder} is not whole after its installation: ${left}`, { folder });
}

/** The names of the packages of a requirements.txt. */
function namesOf(requirements: string): readonly string[] {
  return requirements.split('\n').flatMap((line) => /^([\w-]+)==/.exec(line)?.slice(1) ?? []);
}

/** What is wrong with an environment of Margin; null: nothing. */
async function damageOf(folder: string, names: readonly string[], signal: AbortSignal): Promise<string | null> {
  try {
    await outputOf(pythonIn(folder), ['-c', versions, ...names], signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return lastWords(error);
  }
}

async function namedPython(python: string, signal: AbortSignal): Promise<string> {
  try {
    await outputOf(python, ['-c', versions, 'torch', 'trl'], signal);
    return python;
  } catch (error) {
    signal.throwIfAborted();
    const said = lastWords(error);
    const hint = `Install the packages of the run's trl/requirements.txt there, or unset ${pythonVariable} to let Margin make an environment.`;
    throw new MarginError('python-lacks', `${python} does not have TRL: ${said} ${hint}`, { python });
  }
}
