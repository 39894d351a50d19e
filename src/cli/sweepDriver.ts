import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { isLiving } from '../run/alive';
import { askRun } from '../run/control';
import { readRun, type OpenRun } from '../run/find';
import { ensureQueue } from '../run/queue/ensureQueue';
import { enqueueRun, takeOutOfQueue } from '../run/queue/queue';
import type { ProgramOptions } from '../run/start';
import { nextMove } from '../run/sweep/plan';
import type { Sweep, Trial } from '../run/sweep/types';
import type { SweepEnd, SweepRecord } from './sweepRecord';

/** How often a trial is looked at. */
const pollMs = 500;

/** Trains the trials of a sweep one after another, until they are done, its budget is used up, or somebody stops it. */
export class SweepDriver {
  private constructor(
    private readonly record: SweepRecord,
    private readonly program: ProgramOptions,
  ) {}

  /** If it is stopped, the running trial saves and stops, and the sweep can be resumed. Errors: those of the files. */
  static async drive(record: SweepRecord, program: ProgramOptions): Promise<SweepEnd> {
    return new SweepDriver(record, program).work();
  }

  private async work(): Promise<SweepEnd> {
    const { record } = this;
    for (;;) {
      if (await record.isStopped()) return 'stopped';
      if (record.isBudgetUsed()) return record.endBudget();
      const move = nextMove(record.sweep);
      if (move.kind === 'end') return 'over';
      if (move.kind === 'drop') {
        for (const { index } of move.trials) await record.change(index, { state: 'dropped' });
        continue;
      }
      await this.train(move.trial, move.stopAt).catch((error: unknown) =>
        record.change(move.trial.index, { state: 'failed', error: errorMessage(error) }),
      );
    }
  }

  private async train(trial: Trial, stopAt: number | null): Promise<void> {
    const run = trial.run ?? (await this.record.newRun(trial));
    await this.record.change(trial.index, { run, state: 'running' });
    const { status, state } = await readRun(run);
    const isThere = status === 'done' || (stopAt !== null && state !== null && state.step >= stopAt);
    if (!isThere && !isLiving(status)) {
      await enqueueRun(run, stopAt);
      await ensureQueue(dirname(run), this.program, true);
    }
    await this.record.collect(trial, run, await this.follow(trial.index, run), stopAt);
  }

  /** Waits until a run has ended, and counts the time that it trains. */
  private async follow(index: number, run: string): Promise<OpenRun> {
    let asked = false;
    for (let last = Date.now(); ;) {
      const found = await readRun(run);
      const now = Date.now();
      if (isLiving(found.status) && found.status !== 'paused') this.record.count(index, (now - last) / 1000);
      last = now;
      if (!isLiving(found.status) && found.status !== 'queued') return found;
      const ends = this.record.isBudgetUsed() || (await this.record.isStopped());
      if (ends && found.status === 'queued') await takeOutOfQueue(run);
      else if (ends && !asked) {
        asked = true;
        await askRun(run, 'stop');
      }
      await sleep(pollMs);
    }
  }
}

/** The trials that a larger budget lets go on. */
export function withBudget(sweep: Sweep, budget: number | null): Sweep {
  const trials = sweep.trials.map((one): Trial => (one.state === 'skipped' ? { ...one, state: 'waiting' } : one));
  if (budget !== null && budget <= 0) throw new MarginError('config', 'The budget must be above 0 minutes.');
  return { ...sweep, budget, trials };
}
