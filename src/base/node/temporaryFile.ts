import { randomBytes } from 'node:crypto';
import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { shortKey } from './shortKey';
import { pidExists } from './thisMachine';

/**
 * Names of temporary files. A name holds a digest of the file that it will replace, the machine and the process that
 * writes it: `.3f2a9c01b7de.8c41f0aa-4711-0badcafe.margin-tmp`. So another process can find the files that a killed
 * process left.
 */

const temporaryEnding = '.margin-tmp';
/** The ending of a complete temporary file while its target is overwritten in place. */
const completeEnding = '.margin-save';
/** A process id identifies a process on one machine only, and several machines may share a disk. */
const machine = shortKey([hostname()], 8);
/** The process id and eight random digits, which follow the machine. */
const writer = /^(\d+)-[0-9a-f]{8}$/;

/**
 * A new name in the folder of `file`, for a file that will replace it. It is short whatever the file's name, because
 * names end at 255 bytes.
 */
export function temporaryPath(file: string): string {
  return path.join(path.dirname(file), `${prefixBeside(file)}${unique()}${temporaryEnding}`);
}

/** A new name in the system's folder for temporary files, for a target whose own folder accepts no new file. */
export function temporaryElsewhere(file: string): string {
  return path.join(tmpdir(), `${prefixElsewhere(file)}${unique()}${temporaryEnding}`);
}

/** The name that a temporary file gets once it is complete and its target is about to be overwritten in place. */
export function completeName(temporary: string): string {
  return temporary.slice(0, -temporaryEnding.length) + completeEnding;
}

/**
 * Removes temporary files that killed processes left for one target. Best effort: a file that cannot be listed or
 * removed stays, and only takes up space.
 */
export async function removeAbandoned(file: string): Promise<void> {
  // The next save reports errors of the folder.
  for (const left of await leftOf(file, temporaryEnding)) await rm(left, { force: true }).catch(() => undefined);
}

/** Removes temporary files that killed processes of this machine left in a folder, for any target. */
export async function removeAbandonedIn(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const prefix = /^\.[0-9a-f]+\.([0-9a-f]{8})-/.exec(name);
    if (prefix?.[1] === machine && isAbandoned(name, prefix[0], temporaryEnding))
      await rm(path.join(folder, name), { force: true });
  }
}

/** Complete files whose process was killed while it overwrote the target in place. */
export function interruptedSaves(file: string): Promise<string[]> {
  return leftOf(file, completeEnding);
}

async function leftOf(file: string, ending: string): Promise<string[]> {
  // A target that does not exist has no leftovers.
  const target = await realpath(file).catch(() => null);
  if (target === null) return [];
  const beside = await leftIn(path.dirname(target), prefixBeside(target), ending);
  const elsewhere = await leftIn(tmpdir(), prefixElsewhere(target), ending);
  const own = await Promise.all(elsewhere.map(isOwn));
  return [...beside, ...elsewhere.filter((_, i) => own[i])];
}

/** Everybody may write to the folder for temporary files, also a file that claims to be the rest of a save. */
async function isOwn(file: string): Promise<boolean> {
  // It was removed meanwhile. Windows has a folder for each user.
  const found = await lstat(file).catch(() => null);
  return found !== null && found.isFile() && (process.getuid === undefined || found.uid === process.getuid());
}

async function leftIn(folder: string, prefix: string, ending: string): Promise<string[]> {
  // Leftovers in a folder that cannot be listed stay there.
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => isAbandoned(name, prefix, ending)).map((name) => path.join(folder, name));
}

function isAbandoned(name: string, prefix: string, ending: string): boolean {
  if (!name.startsWith(prefix) || !name.endsWith(ending)) return false;
  const pid = writer.exec(name.slice(prefix.length, -ending.length))?.[1];
  return pid !== undefined && !pidExists(Number(pid));
}

function prefixBeside(file: string): string {
  return `.${shortKey([path.basename(file)], 12)}.${machine}-`;
}

function prefixElsewhere(file: string): string {
  return `.${shortKey([file], 24)}.${machine}-`;
}

function unique(): string {
  return `${process.pid}-${randomBytes(4).toString('hex')}`;
}
