import { join } from 'node:path';
import { nullIfMissing, writeJson } from '../../base/node/jsonFile';
import { readJsonObject } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { asTemplate, checkedSetting } from './template';
import { jobPhases, type JobPhase, type Target, type TargetHandle } from './types';

const handleVersion = 1;
/** The template is some KB. */
const maxHandleBytes = 1 << 18;
/** Ids of jobs: `12`, `12_3`, a hash, `user/hash`. */
const jobId = /^[A-Za-z0-9][\w./-]{0,127}$/;

const handlePath = (folder: string): string => join(folder, 'target.json');

/** A handle of a run that is about to be submitted. */
export function newHandle(target: Target): TargetHandle {
  const fresh = {
    job: null,
    array: null,
    submitted: Date.now(),
    phase: 'waiting',
    word: '',
    cancelled: false,
  } as const;
  return { version: handleVersion, target, ...fresh };
}

export async function writeHandle(folder: string, handle: TargetHandle): Promise<void> {
  await writeJson(handlePath(folder), handle);
}

/** The handle of a run; null if the run is on no target. Errors: `corrupt`, `newer-version`. */
export async function findHandle(folder: string): Promise<TargetHandle | null> {
  const path = handlePath(folder);
  const value = await nullIfMissing(readJsonObject(path, maxHandleBytes));
  return value === null ? null : asHandle(value, path);
}

/** The handle of a run on a target. Errors: `no-target` if it is on none, and those of {@link findHandle}. */
export async function readHandle(folder: string): Promise<TargetHandle> {
  const handle = await findHandle(folder);
  if (handle !== null) return handle;
  const message = `${folder} is on no target: it has no target.json. It runs on this machine.`;
  throw new MarginError('no-target', message, { folder });
}

/** Whether a job in this phase may still do something. */
export const isOpen = (phase: JobPhase): boolean => phase === 'waiting' || phase === 'running';

/** An id of a job that may stand in a command. Error `target-job`. */
export function checkedJob(job: string): string {
  if (jobId.test(job)) return job;
  throw new MarginError('target-job', `"${job.slice(0, 80)}" is not the id of a job.`, { job });
}

function asHandle(value: Readonly<Record<string, unknown>>, path: string): TargetHandle {
  const { version, job, array, submitted, phase, word, cancelled, target } = value;
  if (version !== handleVersion)
    throw new MarginError('newer-version', `${path} was written by a newer Margin. Update Margin.`, { path });
  const known = jobPhases.find((one) => one === phase);
  const isWhole = (job === null || typeof job === 'string') && typeof submitted === 'number' && isRecord(target);
  if (!isWhole || known === undefined)
    throw new MarginError('corrupt', `${path} is damaged: a field is wrong.`, { path });
  return {
    version: handleVersion,
    target: asTarget(target, path),
    job: job === null ? null : checkedJob(job),
    // Absent in a run folder of an older Margin.
    array: typeof array === 'string' ? checkedJob(array) : null,
    submitted,
    phase: known,
    word: typeof word === 'string' ? word : '',
    cancelled: cancelled === true,
  };
}

function asTarget(value: Readonly<Record<string, unknown>>, path: string): Target {
  const { name, settings } = value;
  if (typeof name !== 'string' || !isRecord(settings))
    throw new MarginError('corrupt', `${path} is damaged: the target is wrong.`, { path });
  const template = asTemplate(value['template']);
  const texts = Object.entries(settings).map(([key, one]): [string, string] => [key, checkedSetting(key, one)]);
  return { name, kind: template.kind, settings: Object.fromEntries(texts), template };
}
