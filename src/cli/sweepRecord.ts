import { version } from '../../package.json';
import { endScoring } from '../run/endScoring';
import type { OpenRun } from '../run/find';
import { changeNotes } from '../run/notes';
import { createRun, recordedVersions } from '../run/resolve';
import { newestEvaluation } from '../run/sweep/evaluations';
import { isAskedToStop, readSweep, sweepTag, writeSweep } from '../run/sweep/files';
import type { Sweep, Trial } from '../run/sweep/types';
import { trialConfig } from './sweepTrial';

/** How a process that works on a sweep ends. `stopped`: somebody asked for it. */
export type SweepEnd = 'over' | 'budget' | 'stopped';

export interface SweepListener {
  /** sweep.json was replaced. */
  changed(sweep: Sweep): void;
  /** A sentence for people. */
  say(line: string): void;
}

/** The state of a sweep in the process that works on it. Each change goes to sweep.json. */
export class SweepRecord {
  private constructor(
    readonly folder: string,
    private current: Sweep,
    readonly listener: SweepListener,
    private readonly signal: AbortSignal,
  ) {}

  /** @param signal stops the sweep */
  static async open(folder: string, listener: SweepListener, signal: AbortSignal): Promise<SweepRecord> {
    return new SweepRecord(folder, await readSweep(folder), listener, signal);
  }

  get sweep(): Sweep {
    return this.current;
  }

  async isStopped(): Promise<boolean> {
    return this.signal.aborted || isAskedToStop(this.folder);
  }

  isBudgetUsed(): boolean {
    const { budget, trials } = this.current;
    return budget !== null && trials.reduce((sum, { seconds }) => sum + seconds, 0) >= 60 * budget;
  }

  async endBudget(): Promise<'budget' | 'over'> {
    const left = this.current.trials.filter(({ state }) => state === 'waiting' || state === 'running');
    for (const { index } of left) await this.change(index, { state: 'skipped' });
    return left.length > 0 ? 'budget' : 'over';
  }

  async newRun(trial: Trial): Promise<string> {
    const run = await createRun(trialConfig(this.current, trial), recordedVersions(version));
    await changeNotes(run, ({ tags }) => ({ tags: [...tags, sweepTag(this.folder)] }));
    return run;
  }

  /** Counts seconds without writing the file at each look. */
  count(index: number, seconds: number): void {
    this.set(index, ({ seconds: before }) => ({ seconds: before + seconds }));
  }

  async change(index: number, change: Partial<Trial>): Promise<void> {
    this.set(index, () => change);
    await writeSweep(this.folder, this.current);
    this.listener.changed(this.current);
  }

  /**
   * Takes the result of a run that has ended. The rewards of its pairs are left out: they would take the longest.
   *
   * @param stopAt the step to which the trial had to train; null: to the end of its run
   */
  async collect(trial: Trial, run: string, ended: OpenRun, stopAt: number | null): Promise<void> {
    const { status, state, scoring } = ended;
    if (scoring?.status === 'running') await endScoring(run);
    if (status === 'failed' || status === 'lost') {
      const why = state?.error?.message ?? 'its process is gone; see its log.txt';
      return this.change(trial.index, { state: 'failed', error: why });
    }
    const result = await newestEvaluation(run, this.current.metric);
    const held = state?.held_out;
    if (held !== undefined && held !== this.current.held_out) this.current = { ...this.current, held_out: held };
    if (status === 'done') return this.change(trial.index, { result, state: 'done', rung: this.current.rungs.length });
    const reached = stopAt !== null && state !== null && state.step >= stopAt;
    // A person, or the end of the budget, stopped it on its way.
    if (!reached) return this.change(trial.index, { result, state: 'waiting' });
    await this.change(trial.index, { result, state: 'waiting', rung: trial.rung + 1 });
  }

  private set(index: number, change: (trial: Trial) => Partial<Trial>): void {
    const trials = this.current.trials.map((one) => (one.index === index ? { ...one, ...change(one) } : one));
    this.current = { ...this.current, trials };
  }
}
