import { randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFileSync } from '../../../base/node/replaceFile';
import { shortKey } from '../../../base/node/shortKey';
import { readJsonObject } from '../../../base/node/smallFile';
import { birthOf, isHere, pidExists, thisMachine } from '../../../base/node/thisMachine';
import { isMachine, type Machine } from '../../../base/pure/machine';

/** What a window says of a file that it has open. */
interface Hello {
  readonly pid: number;
  /** When the process began, see {@link birthOf}. */
  readonly birth: string | null;
  readonly machine: Machine;
  /** Whether it has unsaved edits. */
  readonly dirty: boolean;
}

/** The other windows that have a file open. */
export interface OtherWindows {
  readonly open: number;
  /** How many of them have unsaved edits. */
  readonly dirty: number;
}

/** A hello has 300 bytes. */
const maxHelloBytes = 4096;
/** How often a window shows other machines that it lives, which cannot look at its process. */
export const heartbeatMs = 30_000;
/** Without a sign of life, a window of another machine counts as closed. */
const silentMs = 4 * heartbeatMs;

/**
 * Tells other windows that a file is open, and which others have it open. Each window writes a small file, a hello,
 * into a folder that they share; the names of all hellos of one file begin with the same key.
 */
export class FilePresence {
  private readonly name = `${randomUUID()}.json`;
  private beat: NodeJS.Timeout | null = null;
  private left = false;

  private constructor(
    private readonly folder: string,
    /** Begins the names of the hellos of the file. */
    readonly key: string,
  ) {}

  /** @param folder is made if it does not exist. @throws errors of the folder */
  static async open(folder: string, file: string): Promise<FilePresence> {
    await mkdir(folder, { recursive: true });
    const real = await realpath(file).catch(() => file);
    return new FilePresence(folder, `${shortKey([real], 16)}-`);
  }

  /** Says that the file is open here. @throws errors of the folder */
  say(dirty: boolean): void {
    if (this.left) return;
    const hello: Hello = { pid: process.pid, birth: birthOf(process.pid), machine: thisMachine(), dirty };
    replaceFileSync(this.path, JSON.stringify(hello));
    this.beat ??= setInterval(() => this.touch(), heartbeatMs).unref();
  }

  /** The other windows. Removes the hellos of windows that were killed. */
  async others(): Promise<OtherWindows> {
    const names = (await readdir(this.folder)).filter((name) => name.startsWith(this.key) && !name.endsWith(this.name));
    let [open, dirty] = [0, 0];
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const hello = await helloIn(join(this.folder, name));
      if (hello === null) continue;
      open++;
      if (hello.dirty) dirty++;
    }
    return { open, dirty };
  }

  /** Says that the file is closed here. */
  leave(): Promise<void> {
    this.left = true;
    if (this.beat) clearInterval(this.beat);
    return rm(this.path, { force: true });
  }

  private get path(): string {
    return join(this.folder, this.key + this.name);
  }

  private touch(): void {
    const now = new Date();
    // A hello that somebody removed is written again with the next change.
    utimes(this.path, now, now).catch(() => undefined);
  }
}

/** What a window says; null if it has closed meanwhile, or was killed. */
async function helloIn(path: string): Promise<Hello | null> {
  try {
    const { pid, birth, machine, dirty } = await readJsonObject(path, maxHelloBytes);
    if (typeof pid === 'number' && isMachine(machine) && typeof dirty === 'boolean') {
      const hello = { pid, birth: typeof birth === 'string' ? birth : null, machine, dirty };
      if (isHere(machine) ? pidExists(pid) && birthOf(pid) === hello.birth : await isFresh(path)) return hello;
    }
  } catch {
    // The window has closed, or the file is damaged: then nobody can rely on it.
  }
  await rm(path, { force: true });
  return null;
}

async function isFresh(path: string): Promise<boolean> {
  return Date.now() - (await stat(path)).mtimeMs < silentMs;
}
