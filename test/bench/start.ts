import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { at } from '../../src/base/pure/must';
import { startFile } from '../../src/dev/ship/budgets';
import { builtFiles, loadedFiles } from '../../src/dev/ship/loadedFiles';

const execute = promisify(execFile);
/** Processes for each figure. The files take turns. */
const rounds = 15;
const megabyte = 1_000_000;

/** Loads a file as VS Code does, with anything in place of its API; prints the processor time in microseconds. */
const loader = `
const modules = require('node:module');
const anything = new Proxy(function () {}, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => '' : anything),
  // esbuild's import of a CommonJS module reads from an object with this prototype.
  getPrototypeOf: () => anything,
  apply: () => anything,
  construct: () => anything,
});
const load = modules._load;
modules._load = (name, ...rest) => (name === 'vscode' ? anything : load(name, ...rest));
for (const name of modules.builtinModules) if (!name.startsWith('_')) require(name);
const before = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String(user + system));
`;

/**
 * Processor time of loading what VS Code reads when Margin starts, and what is loaded when it is first wanted, each
 * beside plain functions. V8 compiles both, so the ratios do not depend on the machine.
 */
export async function measureStart(folder: string): Promise<string> {
  const build = join(folder, 'production');
  await execute(process.execPath, ['esbuild.mjs', '--production', build]);
  const files = builtFiles(build);
  const isRest = /^part-later-\w+\.js$/;
  const start = loadedFiles(files, startFile);
  const [rest = '', ...more] = loadedFiles(files, isRest);
  const bytesOf = (names: readonly string[]): number =>
    [...new Set(names)].reduce((sum, name) => sum + statSync(join(build, name)).size, 0);
  const bytes = { start: bytesOf(start), all: bytesOf([...start, rest, ...more]) };
  const times = await medians([
    join(build, 'extension.js'),
    join(build, rest),
    functions(folder, bytes.start),
    functions(folder, bytes.all),
    functions(folder, megabyte),
  ]);
  const beside = (part: number, other: number): string => `${(at(times, part) / at(times, other)).toFixed(1)}×`;
  const line = (name: string, size: number, part: number, same: number): string =>
    `| ${name} | ${(size / megabyte).toFixed(2)} | ${beside(part, same)} | ${beside(part, 4)} |`;
  return [
    '| processor time of loading | MB | beside as many bytes of plain functions | beside 1 MB of them |',
    '|---|---|---|---|',
    line('the start', bytes.start, 0, 2),
    line('all of the extension', bytes.all, 1, 3),
  ].join('\n');
}

/** Median microseconds of loading each file in a fresh process. */
async function medians(files: readonly string[]): Promise<readonly number[]> {
  const times = files.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, file] of files.entries()) {
      const { stdout } = await execute(process.execPath, ['--no-warnings', '-e', loader, file]);
      at(times, i).push(Number(stdout));
    }
  return times.map((some) =>
    at(
      some.toSorted((a, b) => a - b),
      rounds >> 1,
    ),
  );
}

/** A file of plain functions with about as many bytes. */
function functions(folder: string, bytes: number): string {
  const file = join(folder, `functions-${bytes}.js`);
  let [text, count] = ['', 0];
  while (text.length < bytes)
    text += `exports.f${count}=function(a,b){const c=a+${count++};return c>b?[c,b]:{c,sum:b.map(d=>d*c)}};\n`;
  writeFileSync(file, text);
  return file;
}
