import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { thisMachine } from '../../base/node/thisMachine';
import { errorMessage } from '../../base/pure/marginError';
import { isLiving } from '../../run/alive';
import { readControl, readState, runPaths, writeControl, writeState } from '../../run/folder';
import { RunLock } from '../../run/lock';
import { newRunState } from '../../run/newRunState';
import type { RunState } from '../../run/types';
import { isOpen, readHandle, writeHandle } from './handle';
import { cancelJob, statusOf, type JobStatus } from './job';
import { runProgram } from './programs';
import { valuesOf } from './submit';
import { filledCommand } from './template';
import type { CommandTemplate, TargetHandle } from './types';

/** A target that does not answer is asked again, at longer and longer intervals up to this one. */
const longestPauseMs = 60_000;

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
  const follower = new Follower(folder, log);
  for (let pause = 0; ; await sleep(pause)) {
    await beforeLook();
    const { handle, isOver, failures } = await follower.look();
    if (isOver) return handle;
    pause = Math.min(handle.target.template.poll * 1000 * 2 ** failures, longestPauseMs);
  }
}

class Follower {
  private failures = 0;
  private complaint = '';
  /** When control.json was last brought to the job. */
  private controlTime = 0;

  constructor(
    private readonly folder: string,
    private readonly log: (line: string) => void,
  ) {}

  async look(): Promise<{ handle: TargetHandle; isOver: boolean; failures: number }> {
    const handle = await readHandle(this.folder);
    try {
      const found = await this.step(handle);
      this.failures = 0;
      return { handle: found, isOver: !isOpen(found.phase), failures: 0 };
    } catch (error) {
      this.failures++;
      const message = errorMessage(error);
      if (message !== this.complaint) this.log(`${message} Asking again.`);
      this.complaint = message;
      return { handle, isOver: false, failures: Math.min(this.failures, 6) };
    }
  }

  private async step(before: TargetHandle): Promise<TargetHandle> {
    const status = await statusOf(this.folder, before);
    // Fetch after the question: what a job that has ended wrote last is there by now.
    await this.runAll(before, before.target.template.fetch);
    if (isOpen(status.phase)) await this.bringControl(before, status);
    const handle = await this.recorded(status);
    await this.settle(handle, status);
    return handle;
  }

  private async runAll(handle: TargetHandle, commands: readonly CommandTemplate[]): Promise<void> {
    const values = valuesOf(this.folder, handle.target, handle.job);
    for (const command of commands) await runProgram(filledCommand(command, values));
  }

  /** Somebody may cancel meanwhile, so the handle is read again. */
  private async recorded({ phase, word }: JobStatus): Promise<TargetHandle> {
    const now = await readHandle(this.folder);
    if (now.phase === phase && now.word === word) return now;
    this.log(`job ${now.job}: ${word === '' ? phase : word}`);
    const handle = { ...now, phase, word };
    await writeHandle(this.folder, handle);
    return handle;
  }

  /** A job that waits can obey nothing, so a request to stop cancels it. */
  private async bringControl(handle: TargetHandle, { phase }: JobStatus): Promise<void> {
    const { want } = await readControl(this.folder);
    if (phase === 'waiting') {
      if (want === 'stop' && !handle.cancelled && (await isOwnState(this.folder))) await cancelJob(this.folder);
      return;
    }
    const { mtimeMs } = await stat(runPaths.control(this.folder));
    if (mtimeMs === this.controlTime) return;
    await this.runAll(handle, handle.target.template.control);
    this.controlTime = mtimeMs;
  }

  private async settle(handle: TargetHandle, { phase, word }: JobStatus): Promise<void> {
    const state = await readState(this.folder);
    if (phase === 'waiting') {
      if (isOwn(state)) return;
      // A requeued job was asked to stop, so that it saved. That request is fulfilled.
      await writeControl(this.folder, { want: 'run' });
      writeState(this.folder, waitingState(state));
    } else if (!isOpen(phase) && (state === null || isLiving(state.status))) {
      writeState(this.folder, endedState(state, handle, word));
    }
  }
}

async function isOwnState(folder: string): Promise<boolean> {
  return isOwn(await readState(folder));
}

/** Whether this process wrote the state: then the job has not begun since. */
const isOwn = (state: RunState | null): boolean => state?.status === 'starting' && state.pid === process.pid;

/** While the job waits, the follower is the process of the run. */
function waitingState(before: RunState | null): RunState {
  const fresh = { ...newRunState(), pid: process.pid, machine: thisMachine() };
  return before ? { ...fresh, step: before.step, steps: before.steps, best: before.best } : fresh;
}

function endedState(before: RunState | null, { target, job, phase, cancelled }: TargetHandle, word: string): RunState {
  const state = before ?? newRunState();
  if (cancelled || phase === 'cancelled') return { ...state, status: 'stopped', eta: null };
  const said = word === '' ? 'does not know it any more' : `says ${word}`;
  const message = `Job ${job} on ${target.name} has ended (the target ${said}), and the trainer wrote no end of the run. See log.txt; resume the run to continue from its newest checkpoint.`;
  return { ...state, status: 'failed', eta: null, error: { code: 'target-ended', message } };
}
