import { createHash, randomBytes } from 'node:crypto';
import { readdir, realpath, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

const ending = '.margin-tmp';
/** A process id means something on its own machine only, and several may share a disk. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** A name beside a file for what is to take its place; it tells which process writes there. */
export function temporaryPath(file: string): string {
  return path.join(path.dirname(file), `${prefix(file)}${process.pid}-${randomBytes(4).toString('hex')}${ending}`);
}

/**
 * Removes what a killed process left of its saves of a file. Best effort: what cannot be listed or removed stays, and does
 * no harm but to take room.
 */
export async function removeAbandoned(file: string): Promise<void> {
  try {
    const target = await realpath(file);
    const folder = path.dirname(target);
    const abandoned = (await readdir(folder)).filter((name) => isAbandoned(name, target));
    await Promise.all(abandoned.map((name) => rm(path.join(folder, name), { force: true })));
  } catch {
    // A new file has nothing abandoned; what cannot be listed or removed is told by the save, where it matters.
  }
}

function isAbandoned(name: string, file: string): boolean {
  if (!name.startsWith(prefix(file)) || !name.endsWith(ending)) return false;
  const pid = /^(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix(file).length, -ending.length))?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function prefix(file: string): string {
  return `.${path.basename(file)}.${machine}-`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
