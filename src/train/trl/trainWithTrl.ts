import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../base/node/cacheFolder';
import { readEnd } from '../../base/node/smallFile';
import { isLiving } from '../../run/alive';
import { EventWriter } from '../../run/events';
import { readState, runPaths, writeControl, writeState } from '../../run/folder';
import { newRunState } from '../../run/newRunState';
import type { RunConfig, RunState } from '../../run/types';
import { pythonVariable, readyPython } from '../../trl/environment';
import { jobFolder, jobStart, type TrlJob } from '../../trl/job';
import { localTarget } from '../../trl/knownTargets';
import { launchJob, type JobEnd, type RunningJob } from '../../trl/launch';
import { requirementsOf } from '../../trl/requirements';
import type { RunReporter } from '../reporter';
import { reportLoading, StoppedLoading } from '../reportLoading';
import { prepareJob } from './prepareJob';
import { trainOnTarget } from './trainOnTarget';

/** How often this process looks whether it should stop. */
const lookMs = 500;
/** The end of log.txt that is searched for the error of a job that could not record it. */
const logEndBytes = 64 * 1024;

export interface TrlOptions {
  readonly resume: boolean;
  /** True stops the run. */
  readonly stopping: () => boolean;
}

/**
 * Trains a run with TRL, on this machine or on the target of its config. This process makes the job and watches it;
 * runner.py writes the run folder while it trains.
 *
 * @returns `failed`: the run folder says why
 * @throws MarginError those of {@link prepareJob} and {@link readyPython}
 */
export async function trainWithTrl(
  folder: string,
  { config }: RunConfig,
  reporter: RunReporter,
  { resume, stopping }: TrlOptions,
): Promise<'stopped' | 'done' | 'failed'> {
  const job = await orNull(makeJob(folder, config, reporter, resume, stopping));
  if (job !== null && config.target !== localTarget) {
    reporter.close();
    return trainOnTarget(folder, { name: config.target, job, stopping });
  }
  const python = job && (await orNull(pythonFor(folder, config, reporter, stopping)));
  if (job === null || python === null) {
    reporter.end('stopped');
    return 'stopped';
  }
  // From here on the job writes the state.
  reporter.close();
  const running = launchJob(job, python);
  const end = await watched(folder, running, stopping);
  return recordEnd(folder, end);
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (error instanceof StoppedLoading) return null;
    throw error;
  });
}

/** A resumed run has its job already, and must not get other rows. */
async function makeJob(
  folder: string,
  config: RunConfig['config'],
  reporter: RunReporter,
  resume: boolean,
  stopping: () => boolean,
): Promise<TrlJob> {
  if (resume && existsSync(join(jobFolder(folder), 'job.json'))) return jobStart(config, folder);
  const { job, remarks, heldRows } = await prepareJob(config, folder, {
    onProgress: reportLoading(folder, reporter, stopping),
  });
  for (const { message } of remarks) reporter.note(message);
  reporter.update({ rows_read: null, ...(heldRows > 0 ? { held_out: heldRows } : {}) });
  return job;
}

/** @throws StoppedLoading if the run is stopped while packages are installed */
async function pythonFor(
  folder: string,
  config: RunConfig['config'],
  reporter: RunReporter,
  stopping: () => boolean,
): Promise<string> {
  const abort = new AbortController();
  const stopIfAsked = reportLoading(folder, { update: () => undefined }, stopping);
  const look = setInterval(() => void stopIfAsked(0).catch((error: unknown) => abort.abort(error)), lookMs);
  try {
    return await readyPython({
      requirements: requirementsOf(config),
      cache: cacheFolder(),
      named: process.env[pythonVariable],
      say: (line) => reporter.note(line),
      signal: abort.signal,
    });
  } catch (error) {
    if (abort.signal.aborted) throw abort.signal.reason;
    throw error;
  } finally {
    clearInterval(look);
  }
}

/** Waits for the end of a job, and passes on a request to stop. */
async function watched(folder: string, { child, ended }: RunningJob, stopping: () => boolean): Promise<JobEnd> {
  let asked = false;
  let failure: unknown = null;
  const look = setInterval(() => {
    try {
      if (asked || !stopping()) return;
      asked = true;
      void writeControl(folder, { want: 'stop' }).catch(() => child.kill());
    } catch (error) {
      // Another process has the run.
      failure = error;
      child.kill('SIGKILL');
    }
  }, lookMs);
  try {
    const end = await ended;
    if (failure !== null) throw failure;
    return end;
  } finally {
    clearInterval(look);
  }
}

/** A job that was killed could not record its end, so this process does. */
async function recordEnd(folder: string, { code, signal }: JobEnd): Promise<'stopped' | 'done' | 'failed'> {
  const state = await readState(folder);
  if (state && !isLiving(state.status)) return statusOf(state);
  const printed = lastLine(await readEnd(runPaths.log(folder), logEndBytes));
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const message = `TRL ended before the run did (${how}). ${printed === '' ? 'It printed nothing.' : `It printed: ${printed}`} The run can be resumed from its newest checkpoint.`;
  const step = state === null ? 0 : state.step;
  const events = new EventWriter(folder);
  try {
    events.append({ t: Date.now(), step, kind: 'error', code: 'trl-died', message });
  } finally {
    events.close();
    writeState(folder, {
      ...(state ?? newRunState()),
      status: 'failed',
      heartbeat: Date.now(),
      eta: null,
      error: { code: 'trl-died', message },
    });
  }
  return 'failed';
}

function statusOf({ status }: RunState): 'stopped' | 'done' | 'failed' {
  return status === 'done' || status === 'stopped' ? status : 'failed';
}

/** Characters of a line that are shown. */
const maxLineLength = 500;

function lastLine(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const error = lines.findLast((line) => /^\S*(Error|Exception|Killed|Signal)\b/.test(line)) ?? lines.at(-1);
  return error === undefined ? '' : error.slice(0, maxLineLength);
}
