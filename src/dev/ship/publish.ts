import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { version } from '../../../package.json';
import { targets, vsixFile } from './targets';
import type { Packed } from './vsix';

/** What the last `package` made. */
const listFile = 'dist/packages.json';

/** Places that take packages. `token`: the variable from which the program reads its token; it is never an argument. */
export const stores = {
  vsce: { token: 'VSCE_PAT', command: ['vsce', 'publish', '--skip-duplicate', '--packagePath'] },
  // Its licence (EPL) keeps it out of the packages of this checkout.
  ovsx: { token: 'OVSX_PAT', command: ['ovsx@1.4.0', 'publish', '--skip-duplicate', '--packagePath'] },
} as const;
export type Store = keyof typeof stores;

export interface PackedList {
  readonly version: string;
  readonly preRelease: boolean;
  readonly packages: readonly Pick<Packed, 'file' | 'bytes' | 'sha256'>[];
}

export function writePackedList(list: PackedList): void {
  writeFileSync(listFile, `${JSON.stringify(list, null, 2)}\n`);
}

/**
 * The commands that publish the packages as they were built, one for each.
 *
 * @throws Error if packages are missing, have changed, or are of another version
 */
function publishCommands(store: Store): readonly (readonly string[])[] {
  if (!existsSync(listFile)) throw new Error('There are no packages. Run `npm run package` first.');
  const list = JSON.parse(readFileSync(listFile, 'utf8')) as PackedList;
  if (list.version !== version)
    throw new Error(`The packages are of version ${list.version}, but package.json says ${version}. Pack again.`);
  const missing = targets.map(vsixFile).filter((file) => !list.packages.some((packed) => packed.file === file));
  // Where the package of a platform is missing, the store would give people the one without a runtime.
  if (missing.length > 0) throw new Error(`Not packed: ${missing.join(', ')}. Run \`npm run package\` without a name.`);
  for (const { file, sha256 } of list.packages)
    if (!existsSync(file) || createHash('sha256').update(readFileSync(file)).digest('hex') !== sha256)
      throw new Error(`${file} is not the file that was packed. Pack again.`);
  return list.packages.map(({ file }) => ['npx', '--yes', ...stores[store].command, file]);
}

/**
 * Publishes, or prints what it would do. A package that the store has already is skipped, so it can be run again.
 *
 * @throws Error if the token is missing; those of {@link publishCommands}
 */
export function publish(store: Store, dryRun: boolean, say: (line: string) => void): void {
  const commands = publishCommands(store);
  const { token } = stores[store];
  if (!dryRun && !process.env[token]) throw new Error(`Set ${token} to the token of the publisher.`);
  for (const [program = '', ...argv] of commands) {
    say(`${dryRun ? 'would run' : 'running'}: ${[program, ...argv].join(' ')}`);
    if (!dryRun) execFileSync(program, argv, { stdio: 'inherit', shell: process.platform === 'win32' });
  }
}
