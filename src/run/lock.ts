import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { lstat, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError } from '../base/node/fileError';
import { birthOf, isHere, pidExists, thisMachine } from '../base/node/thisMachine';
import { replaceFileSync } from '../base/node/replaceFile';
import { readJsonObject } from '../base/node/smallFile';
import { isMachine, type Machine } from '../base/pure/machine';
import { MarginError } from '../base/pure/marginError';
import { silentMs } from './silence';

/** What the holder of the lock does with the run folder. */
export type LockPurpose = 'queueing' | 'sweeping' | 'starting' | 'training' | 'scoring' | 'deleting';

export interface LockHolder {
  readonly purpose: LockPurpose;
  readonly pid: number;
  /** When the process began; see {@link birthOf}. */
  readonly birth: string | null;
  readonly machine: Machine;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The start of a lock file's name. */
const lockPrefix = 'lock-';
const lockName = /^lock-[0-9a-f-]{36}\.json$/;
/** A lock has 300 bytes. */
const maxLockBytes = 4096;
/** How often a holder updates the time of its file, which shows other machines that the holder is alive. */
const heartbeatMs = 10_000;
/**
 * Lock files appear complete. One that cannot be read may be late on a network disk, and after this time it is void.
 */
const settleMs = 30_000;
/** Two processes that ask at the same moment both give up, and try again after random pauses. */
const attempts = 5;
const longestPauseMs = 150;

/**
 * The right to change a run folder. One process has it at a time, while it starts, trains, scores or deletes the run.
 *
 * A process that asks for the lock first creates a file with a name of its own, then looks for the files of others. If
 * two ask at once, the one that looks later sees the file of the other, so they never both get the lock. Names are
 * never used twice, so the file of a dead process can be deleted at any time. This needs only one thing from the file
 * system: it lists a file as soon as the file is created.
 */
export class RunLock {
  private readonly path: string;
  private heartbeat: NodeJS.Timeout | null = null;
  private lost = false;

  private constructor(
    private readonly folder: string,
    /** Part of the lock file's name. The holder can pass it to another process, which then takes over the lock. */
    readonly token: string,
  ) {
    this.path = join(folder, `${lockPrefix}${token}.json`);
  }

  /**
   * @param token the token of a lock that its holder hands over to this process
   * @throws MarginError `run-locked` with the process that holds the lock, and those of {@link fileError}
   */
  static async acquire(folder: string, purpose: LockPurpose, token?: string): Promise<RunLock> {
    const lock = new RunLock(folder, token ?? randomUUID());
    for (let attempt = 1; ; attempt++) {
      lock.write({ purpose, pid: process.pid });
      const other = await lock.otherHolder().catch((error: unknown) => {
        lock.release();
        throw error;
      });
      if (other === null) return lock.startHeartbeat();
      // With a token this process has the lock already, so it keeps its file, and the other process gives up.
      if (token === undefined || attempt === attempts) lock.release();
      if (attempt === attempts) throw lockedBy(folder, other);
      await sleep(Math.random() * longestPauseMs);
    }
  }

  /** Hands the lock to a process that this one started. That process calls {@link acquire} with the token. */
  giveTo(pid: number): void {
    this.stopHeartbeat();
    this.write({ purpose: 'starting', pid });
  }

  /** Gives the lock back. Nothing happens if its file is gone already. */
  release(): void {
    this.stopHeartbeat();
    try {
      rmSync(this.path, { force: true });
    } catch {
      // The disk refuses it. The lock counts for nothing once this process has ended.
    }
  }

  /**
   * A process that holds the lock for long calls this before it writes.
   *
   * @throws MarginError `lock-lost` if another process deleted the lock because this one seemed dead
   */
  assertHeld(): void {
    if (!this.lost) return;
    const message = `${this.folder}: another process took over this run while this process did not respond, so this process ends.`;
    throw new MarginError('lock-lost', message, { folder: this.folder });
  }

  private write({ purpose, pid }: Pick<LockHolder, 'purpose' | 'pid'>): void {
    const holder: LockHolder = { purpose, pid, birth: birthOf(pid), machine: thisMachine(), since: Date.now() };
    // The file appears complete or not at all, even if the process dies here.
    replaceFileSync(this.path, `${JSON.stringify(holder)}\n`);
  }

  private startHeartbeat(): this {
    this.heartbeat = setInterval(() => {
      const now = new Date();
      // A disk may be unreachable for a moment. Only a missing file means that another process took over.
      utimes(this.path, now, now).catch((error: unknown) => {
        if (fileError(error, 'write', this.path).code === 'missing') this.lost = true;
      });
    }, heartbeatMs).unref();
    return this;
  }

  private stopHeartbeat(): void {
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.heartbeat = null;
  }

  /** The holder of another lock on the folder, or null. Locks of dead processes are deleted. */
  private async otherHolder(): Promise<LockHolder | 'unknown' | null> {
    for (const path of await lockFiles(this.folder)) {
      if (path === this.path) continue;
      const holder = await livingHolder(path);
      if (holder !== null) return holder;
      // If it cannot be deleted, the next process that looks still finds it dead.
      await rm(path, { force: true }).catch(() => undefined);
    }
    return null;
  }
}

/** The holder of a run folder's lock, or null. `unknown` if a lock file does not name its holder (yet). */
export async function holderOf(folder: string): Promise<LockHolder | 'unknown' | null> {
  for (const path of await lockFiles(folder)) {
    const holder = await livingHolder(path);
    if (holder !== null) return holder;
  }
  return null;
}

async function lockFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => Promise.reject(fileError(error, 'read', folder)));
  return names.filter((name) => lockName.test(name)).map((name) => join(folder, name));
}

/** The holder that a lock file names, or null if its process or the file is gone. */
async function livingHolder(path: string): Promise<LockHolder | 'unknown' | null> {
  const info = await lstat(path).catch(() => null);
  if (info === null) return null;
  const age = Math.abs(Date.now() - info.mtimeMs);
  const holder = await readJsonObject(path, maxLockBytes).catch(() => null);
  if (!isHolder(holder)) return age < settleMs ? 'unknown' : null;
  return isAlive(holder, age) ? holder : null;
}

function isAlive({ pid, birth, machine }: LockHolder, age: number): boolean {
  if (!isHere(machine)) return age < silentMs;
  if (!pidExists(pid)) return false;
  const born = birthOf(pid);
  // If the system does not report when a process began, another process may have the pid by now.
  return birth === null || born === null ? age < silentMs : born === birth;
}

function isHolder(value: Partial<Record<keyof LockHolder, unknown>> | null): value is LockHolder & typeof value {
  if (value === null) return false;
  const { purpose, pid, birth, machine, since } = value;
  const isWhole =
    typeof purpose === 'string' && Number.isSafeInteger(pid) && Number(pid) > 0 && typeof since === 'number';
  return isWhole && (birth === null || typeof birth === 'string') && isMachine(machine);
}

function lockedBy(folder: string, holder: LockHolder | 'unknown'): MarginError {
  if (holder === 'unknown') {
    const message = `${folder} is in use by another process. Try again in half a minute.`;
    return new MarginError('run-locked', message, { folder });
  }
  const { purpose, pid, machine } = holder;
  const place = isHere(machine) ? '' : ` on ${machine.host}`;
  const message = `${folder} is in use: process ${pid}${place} is ${purpose} this run. Stop it first, or wait until it has ended.`;
  return new MarginError('run-locked', message, { folder, pid, host: machine.host });
}
