import { at } from '../../base/pure/must';
import { readControl, writeControl } from '../../run/folder';
import { RunLock } from '../../run/lock';
import { Patience } from './follow';
import { Follower } from './follower';
import { isOpen, readHandle, writeHandle } from './handle';
import { askTarget, type JobStatus, phaseOf, statusOf } from './job';
import { runProgram } from './programs';
import { valuesOf } from './submit';
import { filled, filledCommand } from './template';
import { refuseUntrusted } from './trust';
import type { ArrayTemplate, TargetHandle } from './types';

/** A run without a process counts as lost after 30 s. */
const heartbeatMs = 5000;
/** The state of a job that the target does not list. */
const gone: JobStatus = { phase: 'gone', word: '' };

interface FollowedRun {
  readonly folder: string;
  readonly lock: RunLock;
  readonly follower: Follower;
  handle: TargetHandle;
}

/**
 * Follows runs that were submitted together, as `followJob` follows one: a question to the target is about all of them.
 * It holds the lock of each run until that run's job has ended.
 */
export class ArrayFollower {
  private readonly runs: FollowedRun[] = [];
  private readonly patience: Patience;
  private readonly timer: NodeJS.Timeout;

  private constructor(log: (line: string) => void) {
    this.patience = new Patience(log);
    // A state that cannot be written now is written by the next look.
    const beat = (): void => this.runs.forEach(({ follower }) => void follower.beat().catch(() => undefined));
    this.timer = setInterval(beat, heartbeatMs);
  }

  /**
   * @param log gets a line for each change, and for each new complaint of the target
   * @throws MarginError `no-target`; `run-locked` if another process follows one of the runs
   */
  static async open(folders: readonly string[], log: (line: string) => void): Promise<ArrayFollower> {
    const array = new ArrayFollower(log);
    try {
      for (const folder of folders) {
        const handle = await readHandle(folder);
        const lock = await RunLock.acquire(folder, 'training');
        array.runs.push({ folder, lock, handle, follower: new Follower(folder, log, 0) });
      }
      return array;
    } catch (error) {
      array.close();
      throw error;
    }
  }

  /** The folders of the runs whose job may still do something. */
  get open(): readonly string[] {
    return this.runs.map(({ folder }) => folder);
  }

  /** Milliseconds until the next look. */
  get pauseMs(): number {
    return Math.max(0, ...this.runs.map(({ handle }) => this.patience.pauseMs(handle)));
  }

  /** Asks the target, and brings each run folder up to date. @throws MarginError `lock-lost` */
  async look(): Promise<void> {
    for (const group of this.groups()) {
      const statuses = await this.patience.tried(() => statusesOf(group));
      for (const run of statuses === null ? [] : group) {
        run.lock.assertHeld();
        const status = statuses?.get(run.folder) ?? gone;
        run.handle = (await this.patience.tried(() => run.follower.take(run.handle, status))) ?? run.handle;
        if (!isOpen(run.handle.phase)) this.leave(run);
      }
    }
  }

  /** Asks all runs to stop: those that train save first, those that wait never begin. */
  async stop(): Promise<void> {
    for (const { folder } of this.runs)
      if ((await readControl(folder)).want !== 'stop') await writeControl(folder, { want: 'stop' });
    for (const group of this.groups()) await this.patience.tried(() => endWaiting(group));
  }

  /** Gives the locks back. The jobs go on. */
  close(): void {
    clearInterval(this.timer);
    for (const run of [...this.runs]) this.leave(run);
  }

  private leave(run: FollowedRun): void {
    run.lock.release();
    this.runs.splice(this.runs.indexOf(run), 1);
  }

  /** Runs of one array; a run that is a job of its own is a group of its own. */
  private groups(): readonly (readonly FollowedRun[])[] {
    const groups = new Map<string, FollowedRun[]>();
    for (const run of this.runs) {
      const { array, target } = run.handle;
      const key = array === null ? run.folder : `${target.name} ${array}`;
      groups.set(key, [...(groups.get(key) ?? []), run]);
    }
    return [...groups.values()];
  }
}

/** What the target says about the jobs of a group, by run folder. Errors as {@link statusOf}. */
async function statusesOf(group: readonly FollowedRun[]): Promise<ReadonlyMap<string, JobStatus>> {
  const { folder, handle } = at(group, 0);
  const { array, target } = handle;
  const statuses = new Map<string, JobStatus>();
  if (array === null || target.template.array === null) {
    for (const run of group) statuses.set(run.folder, await statusOf(run.folder, run.handle));
    return statuses;
  }
  for (const run of group) await refuseUntrusted(run.handle.target);
  const printed = await askTarget(target, filledCommand(target.template.array.status, valuesOf(folder, target, array)));
  const byJob = new Map(linesOf(printed, target.template.array, array));
  for (const run of group) {
    const word = byJob.get(run.handle.job);
    if (word !== undefined) statuses.set(run.folder, phaseOf(run.handle, word));
  }
  return statuses;
}

/** The id of each job that a target lists, with its word for the phase. */
function linesOf(
  printed: string,
  template: ArrayTemplate,
  array: string,
): readonly (readonly [string | null, string])[] {
  return [...printed.matchAll(new RegExp(template.task, 'gm'))].map(([, index = '', word = '']) => {
    return [filled(template.job, { job: array, index }), word] as const;
  });
}

/** Cancels the jobs of a group that have not begun, with one command for an array. */
async function endWaiting(group: readonly FollowedRun[]): Promise<void> {
  const waiting = group.filter(({ handle }) => handle.phase === 'waiting' && !handle.cancelled);
  const [first] = waiting;
  if (first === undefined) return;
  // Written first: who sees the job end must know that somebody wanted it.
  for (const run of waiting) {
    run.handle = { ...(await readHandle(run.folder)), cancelled: true };
    await writeHandle(run.folder, run.handle);
  }
  const { target, array, job } = first.handle;
  if (array === null || target.template.array === null) {
    if (job !== null) await runProgram(filledCommand(target.template.cancel, valuesOf(first.folder, target, job)));
    return;
  }
  await runProgram(filledCommand(target.template.array.cancel, valuesOf(first.folder, target, array)));
}
