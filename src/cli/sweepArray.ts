import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { isLiving } from '../run/alive';
import { EventWriter } from '../run/events';
import { readRun } from '../run/find';
import type { Sweep, Trial } from '../run/sweep/types';
import { prepareJob } from '../train/trl/prepareJob';
import { jobFolder, jobStart, type TrlJob } from '../trl/job';
import { localTarget } from '../trl/knownTargets';
import { submitArray } from '../trl/targets/array';
import { findTarget } from '../trl/targets/findTargets';
import { ArrayFollower } from '../trl/targets/followArray';
import { findHandle, isOpen } from '../trl/targets/handle';
import { refuseEmptySetting, type RunToSubmit } from '../trl/targets/submit';
import { refuseUntrusted } from '../trl/targets/trust';
import type { Target } from '../trl/targets/types';
import type { SweepEnd, SweepRecord } from './sweepRecord';

/** How often the sweep looks whether it should stop; the target is asked less often. */
const pollMs = 500;
/** Keys that say where all runs of an array train. */
const shared = ['backend', 'target', 'num_machines'] as const;

/**
 * The target that trains the trials of a sweep together, as one job; null: they train one after another.
 *
 * @throws MarginError `config` if the sweep and the target do not fit, and those of {@link findTarget}
 */
export async function arrayTarget({ base, method, axes }: Sweep): Promise<Target | null> {
  if (base.backend !== 'trl' || base.target === localTarget) return null;
  const target = await findTarget(base.output_dir, base.target);
  await refuseUntrusted(target);
  refuseEmptySetting(target);
  if (method === 'halving')
    throw new MarginError(
      'config',
      `Successive halving stops each trial at a step and compares it with the others, and a run on ${target.name} goes on to its end. Use --grid or --random, or target: local.`,
    );
  if (target.template.array === null) return null;
  const axis = axes.find(({ key }) => shared.some((one) => one === key));
  if (axis === undefined) return target;
  throw new MarginError(
    'config',
    `${axis.key}: the trials of a sweep go to ${target.name} as one job, so they need the same ${axis.key}.`,
  );
}

/** Submits the trials of a sweep as one job of a target, and follows them to their ends. */
export class SweepArray {
  private constructor(
    private readonly record: SweepRecord,
    private readonly target: Target,
  ) {}

  /**
   * Trials whose job is still at the target are followed; the others are submitted once. A trial that somebody stops
   * waits for a resume of the sweep.
   *
   * @throws MarginError those of {@link submitArray} and of the files of sweep and runs
   */
  static async drive(record: SweepRecord, target: Target): Promise<SweepEnd> {
    const array = new SweepArray(record, target);
    if (record.isBudgetUsed()) return record.endBudget();
    await array.submit();
    await array.follow();
    if (record.isBudgetUsed()) return record.endBudget();
    return record.sweep.trials.some(({ state }) => state === 'waiting') ? 'stopped' : 'over';
  }

  private get left(): readonly Trial[] {
    return this.record.sweep.trials.filter(({ state }) => state === 'waiting' || state === 'running');
  }

  private async submit(): Promise<void> {
    const prepared: (RunToSubmit & { readonly trial: Trial })[] = [];
    for (const trial of this.left) {
      if (await this.record.isStopped()) return;
      try {
        const run = trial.run ?? (await this.record.newRun(trial));
        if (run !== trial.run) await this.record.change(trial.index, { run });
        if (await isThere(run)) continue;
        prepared.push({ trial, folder: run, job: await jobOf(run) });
      } catch (error) {
        await this.record.change(trial.index, { state: 'failed', error: errorMessage(error) });
      }
    }
    const handles = await submitArray(prepared, this.target);
    for (const { trial } of prepared) await this.record.change(trial.index, { state: 'running' });
    const [first] = handles;
    if (!first) return;
    const count = handles.length === 1 ? '1 trial' : `${handles.length} trials`;
    this.record.listener.say(`Submitted ${count} to ${this.target.name} as job ${first.array}.`);
  }

  private async follow(): Promise<void> {
    const runs = new Map(this.left.flatMap((trial) => (trial.run === null ? [] : [[trial.run, trial] as const])));
    const open: string[] = [];
    for (const run of runs.keys()) if (await hasJob(run)) open.push(run);
    const follower = await ArrayFollower.open(open, (line) => this.record.listener.say(line));
    try {
      for (let [last, asked] = [Date.now(), 0]; ; await sleep(pollMs)) {
        const now = Date.now();
        await this.count(runs, (now - last) / 1000);
        last = now;
        const isEnding = this.record.isBudgetUsed() || (await this.record.isStopped());
        if (isEnding) await follower.stop();
        if (isEnding || now - asked >= follower.pauseMs) {
          asked = now;
          await follower.look();
        }
        await this.collect(runs, new Set(follower.open));
        if (runs.size === 0) return;
      }
    } finally {
      follower.close();
    }
  }

  private async count(runs: ReadonlyMap<string, Trial>, seconds: number): Promise<void> {
    for (const [run, { index }] of runs) {
      const { status } = await readRun(run);
      if (status === 'running' || status === 'stopping') this.record.count(index, seconds);
    }
  }

  /** Takes the results of the runs whose job has ended. */
  private async collect(runs: Map<string, Trial>, open: ReadonlySet<string>): Promise<void> {
    for (const [run, trial] of runs) {
      if (open.has(run)) continue;
      runs.delete(run);
      await this.record.collect(trial, run, await readRun(run), null);
    }
  }
}

/** Whether a run needs no new job: it is done, or its job may still do something. */
async function isThere(run: string): Promise<boolean> {
  const { status } = await readRun(run);
  return status === 'done' || isLiving(status) || (await hasJob(run));
}

async function hasJob(run: string): Promise<boolean> {
  const handle = await findHandle(run);
  return handle !== null && handle.job !== null && isOpen(handle.phase);
}

/** The job of a run. A run that was submitted before has it already, and must not get other rows. */
async function jobOf(run: string): Promise<TrlJob> {
  const { config } = await readRun(run);
  if (existsSync(join(jobFolder(run), 'job.json'))) return jobStart(config.config, run);
  const { job, remarks } = await prepareJob(config.config, run);
  const events = new EventWriter(run);
  try {
    for (const { message } of remarks) events.append({ t: Date.now(), step: 0, kind: 'note', message });
  } finally {
    events.close();
  }
  return job;
}
