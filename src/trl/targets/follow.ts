import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../../base/pure/marginError';
import { RunLock } from '../../run/lock';
import { Follower } from './follower';
import { isOpen, readHandle } from './handle';
import { statusOf } from './job';
import type { TargetHandle } from './types';

/** A target that does not answer is asked again, at longer and longer intervals up to this one. */
const longestPauseMs = 60_000;
/** The interval grows up to this power of two. */
const mostDoublings = 6;

/**
 * Follows the job of a run to its end: keeps the run folder up to date, brings requests to the job, and writes the
 * state while the job waits and when it ended without doing so. It is the body of a process that outlives the window. A
 * new one takes over at any time, because everything it knows is in the run folder.
 *
 * @param log gets a line for each change, and for each new complaint of the target
 * @throws MarginError `no-target`; `run-locked` if another process follows the run
 */
export async function followJob(folder: string, log: (line: string) => void): Promise<TargetHandle> {
  const lock = await RunLock.acquire(folder, 'training');
  try {
    return await followLocked(folder, log, () => {
      lock.assertHeld();
      return Promise.resolve();
    });
  } finally {
    lock.release();
  }
}

/**
 * As {@link followJob}, for a process that holds the run's lock.
 *
 * @param beforeLook called before each question to the target; its error ends the following
 */
export async function followLocked(
  folder: string,
  log: (line: string) => void,
  beforeLook: () => Promise<void>,
): Promise<TargetHandle> {
  const follower = new Follower(folder, log, process.pid);
  const patience = new Patience(log);
  for (;;) {
    await beforeLook();
    const before = await readHandle(folder);
    const handle = await patience.tried(async () => follower.take(before, await statusOf(folder, before)));
    if (handle !== null && !isOpen(handle.phase)) return handle;
    await sleep(patience.pauseMs(before));
  }
}

/** Asks a target that fails again and again, less and less often. */
export class Patience {
  private failures = 0;
  private complaint = '';

  /** @param log gets each new complaint */
  constructor(private readonly log: (line: string) => void) {}

  /** @returns null if the work failed */
  async tried<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      const result = await work();
      this.failures = 0;
      return result;
    } catch (error) {
      this.failures++;
      const message = errorMessage(error);
      if (message !== this.complaint) this.log(`${message} Asking again.`);
      this.complaint = message;
      return null;
    }
  }

  /** Milliseconds until the next question. */
  pauseMs({ target }: TargetHandle): number {
    return Math.min(target.template.poll * 1000 * 2 ** Math.min(this.failures, mostDoublings), longestPauseMs);
  }
}
