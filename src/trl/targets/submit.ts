import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nullIfMissing, writeJson } from '../../base/node/jsonFile';
import { readJsonObject } from '../../base/node/smallFile';
import { makeFolder } from '../../base/node/makeFolder';
import { errorCode, errorMessage, MarginError } from '../../base/pure/marginError';
import { currentState } from '../../run/find';
import { writeControl, writeState } from '../../run/folder';
import { RunLock } from '../../run/lock';
import { refuseAlive, startingState } from '../../run/start';
import { checkedJob, findHandle, isOpen, newHandle, writeHandle } from './handle';
import { missingPrograms, runProgram } from './programs';
import { startLines } from './startScript';
import { filled, filledCommand, filledLines, settingValues, type Values } from './template';
import { refuseUntrusted, trust } from './trust';
import type { Target, TargetHandle, TargetJob } from './types';

/** A run without a process counts as lost after 30 s. */
const heartbeatMs = 5000;
/** All arguments of TRL: some KB. */
const maxJobBytes = 1 << 20;

/** The last part of a run folder's path, which is its name at the target. */
const nameOf = (folder: string): string => folder.split(/[\\/]/).findLast((part) => part !== '') ?? 'run';

/** The placeholders of a target's commands for a run. @param job the id of its job; null before it has one */
export function valuesOf(folder: string, target: Target, job: string | null): Values {
  const settings = settingValues(target);
  const plain = { ...settings, run: resolve(folder), name: nameOf(folder), ...(job === null ? {} : { job }) };
  const place = filled(target.template.folder, plain);
  return { ...plain, folder: place ?? resolve(folder) };
}

/** A run and what starts it. */
export interface RunToSubmit {
  readonly folder: string;
  readonly job: TargetJob;
}

/**
 * Submits a run to a target. Its handle is in the run folder before the target knows of it, so it can be found again
 * whatever happens. The caller starts a follower.
 *
 * @throws MarginError `target-not-trusted` | `target-alive` | `target-program-missing` | `target-command`, and those of
 *   the run's lock
 */
export async function submitRun(run: RunToSubmit, target: Target): Promise<TargetHandle> {
  await refuseUnlessReady(run.folder, target);
  await refuseAlive(run.folder);
  const lock = await RunLock.acquire(run.folder, 'starting');
  try {
    return await submitLocked(run, target);
  } finally {
    lock.release();
  }
}

/** As {@link submitRun}, for a process that holds the run's lock and has checked that it may. */
export async function submitLocked({ folder, job }: RunToSubmit, target: Target): Promise<TargetHandle> {
  const handle = await prepareFiles(folder, job, target);
  return sent(folder, handle, async () => {
    const values = valuesOf(folder, target, null);
    for (const command of target.template.send) await runProgram(filledCommand(command, values));
    return filledCommand(target.template.submit, values);
  });
}

/**
 * Refuses a run that cannot be submitted: the target is not trusted or not complete, a program is missing here, or the
 * run has a job already.
 *
 * @throws MarginError `target-not-trusted` | `target-setting` | `target-alive` | `target-program-missing`
 */
export async function refuseUnlessReady(folder: string, target: Target): Promise<void> {
  await refuseUntrusted(target);
  refuseEmptySetting(target);
  const before = await findHandle(folder);
  if (before?.job && isOpen(before.phase))
    throw new MarginError(
      'target-alive',
      `${folder} is on ${before.target.name} already, as job ${before.job} (${before.phase}). Cancel it first.`,
      { folder, job: before.job },
    );
  const missing = await missingPrograms(target.template.needs);
  if (missing.length > 0)
    throw new MarginError(
      'target-program-missing',
      `The target ${target.name} needs ${missing.join(', ')} on the PATH of this machine. Install it, or run Margin where it is.`,
      { missing },
    );
}

/** The settings that must be there and are empty. */
export function emptySettings(target: Target): string[] {
  const values = settingValues(target);
  return target.template.required.filter((name) => (values[name] ?? '') === '');
}

/** Error `target-setting` if a setting that must be there is empty. */
export function refuseEmptySetting(target: Target): void {
  const empty = emptySettings(target);
  if (empty.length === 0) return;
  const message = `The target ${target.name} needs ${empty.join(', ')} in its settings. Write them into .margin/targets.json.`;
  throw new MarginError('target-setting', message, { empty });
}

/** The model is elsewhere on a machine that does not share the disk. */
async function nameModel(folder: string, model: string): Promise<void> {
  const path = join(folder, 'trl', 'job.json');
  const job = await nullIfMissing(readJsonObject(path, maxJobBytes));
  if (job !== null) await writeJson(path, { ...job, model });
}

/** Writes the start scripts, the request to run, and a handle without a job. */
export async function prepareFiles(folder: string, job: TargetJob, target: Target): Promise<TargetHandle> {
  const values = valuesOf(folder, target, null);
  const handle = newHandle(target);
  // A newer Margin may have another template under the name, and must still follow the job.
  await trust(target);
  await makeFolder(join(folder, 'trl'));
  const forFiles = { ...values, nodes: String(job.nodes), body: startLines(job, target.kind, values).join('\n') };
  for (const [name, lines] of Object.entries(target.template.files))
    await writeFile(join(folder, 'trl', name), filledLines(lines, forFiles), { mode: 0o755 });
  const model = values['model'];
  if (model !== undefined && model !== '') await nameModel(folder, model);
  await writeControl(folder, { want: 'run' });
  await writeHandle(folder, handle);
  return handle;
}

/**
 * Sends a run and submits it. Until then its state says `starting`, and afterwards it belongs to the job, which may
 * write it at once. If it fails, the state says why.
 *
 * @param send brings the files to the target, and returns the command that submits
 */
async function sent(folder: string, handle: TargetHandle, send: () => Promise<string[]>): Promise<TargetHandle> {
  const { state } = await currentState(folder);
  const say = (): void => writeState(folder, startingState(state));
  say();
  const timer = setInterval(say, heartbeatMs);
  try {
    const submit = await send();
    clearInterval(timer);
    return await recordJob(folder, handle, jobIn(await runProgram(submit), handle.target));
  } catch (error) {
    const code = errorCode(error) ?? 'target-command';
    writeState(folder, { ...startingState(state), status: 'failed', error: { code, message: errorMessage(error) } });
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Writes the id of the job into the handle. */
export async function recordJob(folder: string, handle: TargetHandle, job: string): Promise<TargetHandle> {
  const submitted = { ...handle, job: checkedJob(job) };
  await writeHandle(folder, submitted);
  return submitted;
}

/** The id of the job in what the submitting program printed. Error `target-command`. */
export function jobIn(printed: string, { name, template }: Target): string {
  const job = new RegExp(template.job, 'm').exec(printed)?.[1];
  if (job !== undefined) return job;
  const message = `The target ${name} printed no id of a job, but: ${printed.trim().slice(0, 300)}`;
  throw new MarginError('target-command', message, { printed: printed.slice(0, 300) });
}
