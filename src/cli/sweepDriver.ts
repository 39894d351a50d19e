import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { version } from '../../package.json';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { isLiving } from '../run/alive';
import { askRun } from '../run/control';
import { endScoring } from '../run/endScoring';
import { readRun, type OpenRun } from '../run/find';
import { changeNotes } from '../run/notes';
import { ensureQueue } from '../run/queue/ensureQueue';
import { enqueueRun, takeOutOfQueue } from '../run/queue/queue';
import { createRun, recordedVersions } from '../run/resolve';
import type { ProgramOptions } from '../run/start';
import { newestEvaluation } from '../run/sweep/evaluations';
import { isAskedToStop, readSweep, sweepTag, writeSweep } from '../run/sweep/files';
import { nextMove } from '../run/sweep/plan';
import type { Sweep, Trial } from '../run/sweep/types';
import { trialConfig } from './sweepTrial';

/** How often a trial is looked at. */
const pollMs = 500;

export interface SweepListener {
  /** sweep.json was replaced. */
  changed(sweep: Sweep): void;
}

/** Works on a sweep until its trials are done, its budget is used up, or somebody asks it to stop. */
export class SweepDriver {
  private constructor(
    private readonly folder: string,
    private sweep: Sweep,
    private readonly program: ProgramOptions,
    private readonly listener: SweepListener,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param signal stops the sweep: the running trial saves and stops, and the sweep can be resumed
   * @returns `stopped`: somebody asked for it
   * @throws MarginError those of the files of sweep and runs
   */
  static async drive(
    folder: string,
    program: ProgramOptions,
    listener: SweepListener,
    signal: AbortSignal,
  ): Promise<'over' | 'budget' | 'stopped'> {
    const driver = new SweepDriver(folder, await readSweep(folder), program, listener, signal);
    return driver.work();
  }

  private async work(): Promise<'over' | 'budget' | 'stopped'> {
    for (;;) {
      if (await this.isStopped()) return 'stopped';
      if (this.isBudgetUsed()) return this.endBudget();
      const move = nextMove(this.sweep);
      if (move.kind === 'end') return 'over';
      if (move.kind === 'drop') {
        for (const { index } of move.trials) await this.change(index, { state: 'dropped' });
        continue;
      }
      await this.train(move.trial, move.stopAt).catch((error: unknown) =>
        this.change(move.trial.index, { state: 'failed', error: errorMessage(error) }),
      );
    }
  }

  private async isStopped(): Promise<boolean> {
    return this.signal.aborted || isAskedToStop(this.folder);
  }

  private isBudgetUsed(): boolean {
    const { budget, trials } = this.sweep;
    return budget !== null && trials.reduce((sum, { seconds }) => sum + seconds, 0) >= 60 * budget;
  }

  private async endBudget(): Promise<'budget' | 'over'> {
    const left = this.sweep.trials.filter(({ state }) => state === 'waiting' || state === 'running');
    for (const { index } of left) await this.change(index, { state: 'skipped' });
    return left.length > 0 ? 'budget' : 'over';
  }

  private async train(trial: Trial, stopAt: number | null): Promise<void> {
    const run = trial.run ?? (await this.newRun(trial));
    await this.change(trial.index, { run, state: 'running' });
    const { status, state } = await readRun(run);
    const isThere = status === 'done' || (stopAt !== null && state !== null && state.step >= stopAt);
    if (!isThere && !isLiving(status)) {
      await enqueueRun(run, stopAt);
      await ensureQueue(dirname(run), this.program, true);
    }
    await this.collect(trial, run, await this.follow(trial.index, run), stopAt);
  }

  private async newRun(trial: Trial): Promise<string> {
    const run = await createRun(trialConfig(this.sweep, trial), recordedVersions(version));
    await changeNotes(run, ({ tags }) => ({ tags: [...tags, sweepTag(this.folder)] }));
    return run;
  }

  /** Waits until a run has ended, and counts the time that it trains. */
  private async follow(index: number, run: string): Promise<OpenRun> {
    let asked = false;
    for (let last = Date.now(); ;) {
      const found = await readRun(run);
      const now = Date.now();
      if (isLiving(found.status) && found.status !== 'paused') this.count(index, (now - last) / 1000);
      last = now;
      if (!isLiving(found.status) && found.status !== 'queued') return found;
      const ends = this.isBudgetUsed() || (await this.isStopped());
      if (ends && found.status === 'queued') await takeOutOfQueue(run);
      else if (ends && !asked) {
        asked = true;
        await askRun(run, 'stop');
      }
      await sleep(pollMs);
    }
  }

  /** Counts seconds without writing the file at each look. */
  private count(index: number, seconds: number): void {
    const trials = this.sweep.trials.map((one) =>
      one.index === index ? { ...one, seconds: one.seconds + seconds } : one,
    );
    this.sweep = { ...this.sweep, trials };
  }

  /** Takes the result of a run that has ended. The rewards of its pairs are left out: they would take the longest. */
  private async collect(trial: Trial, run: string, ended: OpenRun, stopAt: number | null): Promise<void> {
    const { status, state, scoring } = ended;
    if (scoring?.status === 'running') await endScoring(run);
    if (status === 'failed' || status === 'lost') {
      const why = state?.error?.message ?? 'its process is gone; see its log.txt';
      return this.change(trial.index, { state: 'failed', error: why });
    }
    const result = await newestEvaluation(run, this.sweep.metric);
    const held = state?.held_out;
    if (held !== undefined && held !== this.sweep.held_out) this.sweep = { ...this.sweep, held_out: held };
    if (status === 'done') return this.change(trial.index, { result, state: 'done', rung: this.sweep.rungs.length });
    const reached = stopAt !== null && state !== null && state.step >= stopAt;
    // A person, or the end of the budget, stopped it on its way.
    if (!reached) return this.change(trial.index, { result, state: 'waiting' });
    await this.change(trial.index, { result, state: 'waiting', rung: trial.rung + 1 });
  }

  private async change(index: number, change: Partial<Trial>): Promise<void> {
    const trials = this.sweep.trials.map((one) => (one.index === index ? { ...one, ...change } : one));
    this.sweep = { ...this.sweep, trials };
    await writeSweep(this.folder, this.sweep);
    this.listener.changed(this.sweep);
  }
}

/** The trials that a larger budget lets go on. */
export function withBudget(sweep: Sweep, budget: number | null): Sweep {
  const trials = sweep.trials.map((one): Trial => (one.state === 'skipped' ? { ...one, state: 'waiting' } : one));
  if (budget !== null && budget <= 0) throw new MarginError('config', 'The budget must be above 0 minutes.');
  return { ...sweep, budget, trials };
}
