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

/** What the holder of a run folder is doing with it. */
export type LockPurpose = 'starting' | 'training' | 'scoring' | 'deleting';

export interface LockHolder {
  readonly purpose: LockPurpose;
  readonly pid: number;
  /** See {@link birthOf}. */
  readonly birth: string | null;
  readonly machine: Machine;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Begins the name of a lock file in a run folder. */
const lockPrefix = 'lock-';
const lockName = /^lock-[0-9a-f-]{36}\.json$/;
/** A lock is 300 bytes long. */
const maxLockBytes = 4096;
/** How often a holder touches its file, by which other machines know that it lives. */
const heartbeatMs = 10_000;
/** A lock appears whole; where it cannot be read, a disk of the network may be late, but no later than this. */
const settleMs = 30_000;
/** Two processes that ask at the same moment both step back, and try again after different times. */
const attempts = 5;
const longestPauseMs = 150;

/**
 * The right to change a run folder, held by one process at a time: while it starts, trains, scores or deletes the run.
 *
 * Each process that asks makes a file of a name of its own, and then looks for files of others. Of two that ask at
 * once, the one that looks later sees the other's file; so never do both find none. As nobody else's lock has the name
 * of a dead one, a dead one can be deleted at any time. That needs no more of a disk than that a file which was made is
 * listed.
 */
export class RunLock {
  private readonly path: string;
  private heartbeat: NodeJS.Timeout | null = null;
  private lost = false;

  private constructor(
    private readonly folder: string,
    /** Names this lock. A process that is given it can take the lock over. */
    readonly token: string,
  ) {
    this.path = join(folder, `${lockPrefix}${token}.json`);
  }

  /**
   * @param token of a lock that its holder hands over to this process
   * @throws MarginError `run-locked` naming the process that holds the folder, and those of {@link fileError}
   */
  static async acquire(folder: string, purpose: LockPurpose, token?: string): Promise<RunLock> {
    const lock = new RunLock(folder, token ?? randomUUID());
    for (let attempt = 1; ; attempt++) {
      lock.write({ purpose, pid: process.pid });
      const other = await lock.otherHolder().catch((error: unknown) => {
        lock.release();
        throw error;
      });
      if (other === null) return lock.beat();
      // A lock that was handed over was held all the time: whoever asks now steps back.
      if (token === undefined || attempt === attempts) lock.release();
      if (attempt === attempts) throw lockedBy(folder, other);
      await sleep(Math.random() * longestPauseMs);
    }
  }

  /** Hands the lock to a process that this one started; it takes it by {@link acquire} with the token. */
  giveTo(pid: number): void {
    this.stopBeating();
    this.write({ purpose: 'starting', pid });
  }

  /** Another process may delete it. Nothing happens where the lock is gone. */
  release(): void {
    this.stopBeating();
    rmSync(this.path, { force: true });
  }

  /**
   * For a long holder, before it writes what others might write.
   *
   * @throws MarginError `lock-lost` where the lock was deleted: another process took this one for dead
   */
  assertHeld(): void {
    if (!this.lost) return;
    const message = `${this.folder}: another process took this run over while this one was silent, so this one ends.`;
    throw new MarginError('lock-lost', message, { folder: this.folder });
  }

  private write({ purpose, pid }: Pick<LockHolder, 'purpose' | 'pid'>): void {
    const holder: LockHolder = { purpose, pid, birth: birthOf(pid), machine: thisMachine(), since: Date.now() };
    // The file appears whole, so that a process that dies here leaves no lock.
    replaceFileSync(this.path, `${JSON.stringify(holder)}\n`);
  }

  private beat(): this {
    this.heartbeat = setInterval(() => {
      const now = new Date();
      // A disk that is away for a moment is no reason to end; only a missing file tells that another took over.
      utimes(this.path, now, now).catch((error: unknown) => {
        if (fileError(error, 'write', this.path).code === 'missing') this.lost = true;
      });
    }, heartbeatMs).unref();
    return this;
  }

  private stopBeating(): void {
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.heartbeat = null;
  }

  /** Another living lock of the folder; dead ones are deleted. */
  private async otherHolder(): Promise<LockHolder | 'unknown' | null> {
    for (const path of await lockFiles(this.folder)) {
      if (path === this.path) continue;
      const holder = await livingHolder(path);
      if (holder !== null) return holder;
      // One that cannot be deleted is as dead for whoever looks next.
      await rm(path, { force: true }).catch(() => undefined);
    }
    return null;
  }
}

/** Whether a process holds a run folder; `unknown` where its lock file tells no holder (yet). */
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

/** Null where the lock's process is gone, or the file. */
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
  // Where the system does not tell when a process began, another may have the pid by now.
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
