import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../base/node/cacheFolder';
import { pidExists } from '../../base/node/thisMachine';
import { runNpm } from './processes';

/** VS Code's server, from npm. It needs Node 24, which also runs this program (an optional package brings it). */
export interface Workbench {
  readonly node: string;
  readonly server: string;
}

/** code-server 4.139.1 carries VS Code 1.139.1. */
const codeServerVersion = '4.139.1';
const marker = 'installed.json';
const vscode = 'node_modules/code-server/lib/vscode';

/**
 * Installs VS Code for the browser into the user's cache folder, once (about 450 MB). The install goes into a partial
 * folder that is renamed when it is complete, so an interrupted one is never used. A second try reuses npm's cache.
 *
 * @param say prints a line of progress
 * @param programs the folder of esbuild.mjs's output
 */
export async function installWorkbench(
  say: (line: string) => void,
  programs: string,
  cache = cacheFolder(),
): Promise<Workbench> {
  const folder = join(cache, `workbench-${codeServerVersion}`);
  if (!existsSync(join(folder, marker))) await install(cache, folder, say);
  replaceSpdlog(join(folder, vscode), join(programs, 'spdlog.js'));
  return { node: process.execPath, server: join(folder, vscode, 'out/server-main.js') };
}

/**
 * VS Code writes logs and output channels with @vscode/spdlog, a C++ module that an install without scripts does not
 * build. Without a replacement, every output channel of an extension is empty.
 */
function replaceSpdlog(server: string, replacement: string): void {
  const file = join(server, 'node_modules/@vscode/spdlog/index.js');
  const text = readFileSync(replacement, 'utf8');
  if (readFileSync(file, 'utf8') === text) return;
  // A running server may read the file at this moment.
  const partial = `${file}.partial-${process.pid}`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}

async function install(cache: string, folder: string, say: (line: string) => void): Promise<void> {
  removeAbandoned(cache);
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
  say(`Installing VS Code for the browser into ${folder} (once, about 450 MB on disk)`);
  say('  1/2 code-server');
  await runNpm(['install', ...quiet, `code-server@${codeServerVersion}`], partial);
  say('  2/2 the libraries of the VS Code server');
  await runNpm(['install', ...quiet, '--omit=dev'], join(partial, vscode));
  writeFileSync(join(partial, marker), `${JSON.stringify({ codeServer: codeServerVersion })}\n`);
  if (existsSync(join(folder, marker))) rmSync(partial, { recursive: true });
  else {
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  }
}

/** Removes partial installs whose process has ended. */
function removeAbandoned(cache: string): void {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = /\.partial-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !pidExists(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}
