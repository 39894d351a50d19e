import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../base/node/cacheFolder';
import { pidExists } from '../../base/node/thisMachine';
import { runNpm } from './processes';

/** VS Code's server, from npm. It wants Node 24, which runs this program too (package.json brings it). */
export interface Workbench {
  readonly node: string;
  readonly server: string;
}

/** code-server 4.139.1 carries VS Code 1.139.1. */
const codeServerVersion = '4.139.1';
const marker = 'installed.json';
const vscode = 'node_modules/code-server/lib/vscode';

/**
 * VS Code for the browser, installed once into the user's cache folder (about 450 MB).
 * It is put together beside its final place and renamed when complete, so an interrupted install is never taken for a
 * whole one; the next try finds what was already fetched in npm's own cache.
 *
 * @param programs where esbuild.mjs puts programs
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
 * VS Code writes logs and output channels with @vscode/spdlog, which comes as C++ that no install without scripts
 * builds. Without it, every output channel of an extension is empty.
 */
function replaceSpdlog(server: string, standIn: string): void {
  const file = join(server, 'node_modules/@vscode/spdlog/index.js');
  const text = readFileSync(standIn, 'utf8');
  if (readFileSync(file, 'utf8') === text) return;
  // Servers that run may read it now.
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

/** Leftovers of installs whose process is gone. */
function removeAbandoned(cache: string): void {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = /\.partial-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !pidExists(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}
