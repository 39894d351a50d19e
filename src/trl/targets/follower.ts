import { stat } from 'node:fs/promises';
import { thisMachine } from '../../base/node/thisMachine';
import { isLiving } from '../../run/alive';
import { readControl, readState, runPaths, writeControl, writeState } from '../../run/folder';
import { newRunState } from '../../run/newRunState';
import type { RunState } from '../../run/types';
import { isOpen, readHandle, writeHandle } from './handle';
import { cancelJob, type JobStatus } from './job';
import { runProgram } from './programs';
import { valuesOf } from './submit';
import { filledCommand } from './template';
import type { CommandTemplate, TargetHandle } from './types';

/** Brings the folder of one run up to date with its job. Whoever uses it holds the run's lock. */
export class Follower {
  /** When control.json was last brought to the job. */
  private controlTime = 0;
  private isOpen = false;
  /** The word of the last look, if it said that the job has ended. */
  private ended: string | null = null;

  /**
   * @param log gets a line for each change
   * @param pid the process of the run while its job waits. 0: none, because the process follows many runs and its
   *   command line does not name this one; then {@link beat} keeps the run alive.
   */
  constructor(
    private readonly folder: string,
    private readonly log: (line: string) => void,
    private readonly pid: number,
  ) {}

  /** Brings back what the job wrote, brings requests to it, and writes the state where the job cannot. */
  async take(before: TargetHandle, told: JobStatus): Promise<TargetHandle> {
    // Fetch after the question: what a job that has ended wrote last is there by now.
    await this.runAll(before, before.target.template.fetch);
    const status = (await this.isForgotten(before, told)) ? { ...told, phase: 'cancelled' as const } : told;
    if (!(await this.isCertain(before, status))) return before;
    if (isOpen(status.phase)) await this.bringControl(before, status);
    const handle = await this.recorded(status);
    await this.settle(handle, status);
    this.isOpen = isOpen(status.phase);
    return handle;
  }

  /** Says that the run is alive while its job waits or begins. */
  async beat(): Promise<void> {
    const state = this.isOpen ? await readState(this.folder) : null;
    if (state !== null && this.isOwn(state)) writeState(this.folder, { ...state, heartbeat: Date.now() });
  }

  /** A requeued job may look ended for a moment. So an end that the trainer did not write is looked at twice. */
  private async isCertain({ cancelled }: TargetHandle, { phase, word }: JobStatus): Promise<boolean> {
    const isAgain = this.ended === word;
    this.ended = isOpen(phase) ? null : word;
    if (isOpen(phase) || isAgain || cancelled) return true;
    const state = await readState(this.folder);
    return state?.status === 'done' || state?.status === 'failed';
  }

  /** Slurm forgets a task of an array that was canceled before it began, and keeps all others for a while. */
  private async isForgotten({ array, phase }: TargetHandle, told: JobStatus): Promise<boolean> {
    const isGone = array !== null && phase === 'waiting' && told.phase === 'gone';
    return isGone && this.isOwn(await readState(this.folder));
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
      if (want === 'stop' && !handle.cancelled && this.isOwn(await readState(this.folder)))
        await cancelJob(this.folder);
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
      if (this.isOwn(state)) return;
      // A requeued job was asked to stop, so that it saved. That request is fulfilled.
      await writeControl(this.folder, { want: 'run' });
      writeState(this.folder, this.waitingState(state));
    } else if (isOpen(phase)) {
      // Images are fetched and PyTorch starts; until then only this process can say that the run is alive.
      if (state?.status === 'starting' && state.pid === 0) writeState(this.folder, this.waitingState(state));
    } else if (state === null || isLiving(state.status)) {
      writeState(this.folder, endedState(state, handle, word));
    }
  }

  /** Whether a follower wrote the state: then the job has not begun since. */
  private isOwn(state: RunState | null): boolean {
    return state?.status === 'starting' && state.pid === this.pid;
  }

  private waitingState(before: RunState | null): RunState {
    const fresh = { ...newRunState(), pid: this.pid, machine: thisMachine() };
    return before ? { ...fresh, step: before.step, steps: before.steps, best: before.best } : fresh;
  }
}

function endedState(before: RunState | null, { target, job, phase, cancelled }: TargetHandle, word: string): RunState {
  const state = before ?? newRunState();
  if (cancelled || phase === 'cancelled') return { ...state, status: 'stopped', eta: null };
  const said = word === '' ? 'does not know it any more' : `says ${word}`;
  const message = `Job ${job} on ${target.name} has ended (the target ${said}), and the trainer wrote no end of the run. See log.txt; resume the run to continue from its newest checkpoint.`;
  return { ...state, status: 'failed', eta: null, error: { code: 'target-ended', message } };
}
