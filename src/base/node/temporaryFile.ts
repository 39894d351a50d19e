import { createHash, randomBytes } from 'node:crypto';
import { readdir, realpath, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { errorCode } from './fileError';

const ending = '.margin-tmp';
/** What a file that is written in place is to become, complete. It is kept until the writing is done. */
const wholeEnding = '.margin-save';
/** A process id means something on its own machine only, and several may share a disk. */
const machine = digest(hostname(), 8);

/**
 * A name beside a file for what is to take its place; it tells which process writes there. It is short, as names end at
 * 255 bytes.
 */
export function temporaryPath(file: string): string {
  return path.join(path.dirname(file), `${prefixBeside(file)}${unique()}${ending}`);
}

/** A name in the system's folder for temporary files, for where the file's own folder takes no file. */
export function temporaryElsewhere(file: string): string {
  return path.join(tmpdir(), `${prefixElsewhere(file)}${unique()}${ending}`);
}

/** The name of a temporary file once it holds all of what the file is to become. */
export function wholeName(temporary: string): string {
  return temporary.slice(0, -ending.length) + wholeEnding;
}

/**
 * Removes what a killed process left of its saves of a file. Best effort: what cannot be listed or removed stays, and
 * does no harm but to take room.
 */
export async function removeAbandoned(file: string): Promise<void> {
  // What cannot be removed is told by the save, where it matters.
  for (const name of await left(file, ending)) await rm(name, { force: true }).catch(() => undefined);
}

/** Files that hold all of what a file was to become, where a process was killed while it wrote it in place. */
export function interruptedSaves(file: string): Promise<string[]> {
  return left(file, wholeEnding);
}

async function left(file: string, end: string): Promise<string[]> {
  // A file that is not there has left nothing.
  const target = await realpath(file).catch(() => null);
  if (target === null) return [];
  const beside = await leftIn(path.dirname(target), prefixBeside(target), end);
  return [...beside, ...(await leftIn(tmpdir(), prefixElsewhere(target), end))];
}

async function leftIn(folder: string, prefix: string, end: string): Promise<string[]> {
  // A folder that cannot be listed keeps what was left in it.
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => isAbandoned(name, prefix, end)).map((name) => path.join(folder, name));
}

function isAbandoned(name: string, prefix: string, end: string): boolean {
  if (!name.startsWith(prefix) || !name.endsWith(end)) return false;
  const pid = /^(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix.length, -end.length))?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function prefixBeside(file: string): string {
  return `.${digest(path.basename(file), 12)}.${machine}-`;
}

function prefixElsewhere(file: string): string {
  return `.${digest(file, 24)}.${machine}-`;
}

function unique(): string {
  return `${process.pid}-${randomBytes(4).toString('hex')}`;
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return errorCode(error) === 'EPERM';
  }
}
