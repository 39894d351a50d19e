import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../../base/node/fileError';
import { nullIfMissing, writeJson } from '../../base/node/jsonFile';
import { makeFolder } from '../../base/node/makeFolder';
import { readJsonObject } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import { errorCode, MarginError } from '../../base/pure/marginError';
import { type Sweep, sweepVersion, type Trial, type TrialState } from './types';

/** A trial has about 300 bytes, so ten thousand fit. */
const maxSweepBytes = 8 << 20;
/** The file holds one word. */
const maxControlBytes = 1 << 12;

const states: Readonly<Record<TrialState, true>> = {
  waiting: true,
  running: true,
  done: true,
  dropped: true,
  failed: true,
  skipped: true,
};

export const sweepPaths = {
  sweep: (folder: string): string => join(folder, 'sweep.json'),
  control: (folder: string): string => join(folder, 'control.json'),
};

/** The folder of sweeps beside a runs folder: `.margin/sweeps` for `.margin/runs`. */
export function sweepsFolder(outputDir: string): string {
  return join(dirname(outputDir), 'sweeps');
}

/** Makes the folder of a sweep and writes its sweep.json. Errors: `exists` if there is one of this name. */
export async function createSweep(folder: string, sweep: Sweep): Promise<void> {
  await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw fileError(error, 'create', folder);
    const message = `${folder} exists already. Continue it with: margin sweep --resume ${folder}, or choose another --name.`;
    throw new MarginError('exists', message, { folder });
  }
  await writeSweep(folder, sweep);
}

/** Replaces sweep.json. */
export async function writeSweep(folder: string, sweep: Sweep): Promise<void> {
  await writeJson(sweepPaths.sweep(folder), sweep);
}

/** Reads sweep.json. Errors: `not-a-sweep`, `newer-version`, `corrupt`, and those of reading. */
export async function readSweep(folder: string): Promise<Sweep> {
  const path = sweepPaths.sweep(folder);
  const value = await nullIfMissing(readJsonObject(path, maxSweepBytes));
  if (value === null)
    throw new MarginError('not-a-sweep', `${folder} is not the folder of a sweep: it has no sweep.json.`, { folder });
  if (typeof value['version'] === 'number' && value['version'] > sweepVersion)
    throw new MarginError('newer-version', `${path} was written by a newer Margin. Update Margin to open it.`, {
      path,
    });
  if (isSweep(value)) return value;
  throw new MarginError('corrupt', `${path} has a missing or wrong field: the file is damaged.`, { path });
}

/** The folders of the sweeps beside a runs folder, newest name last. */
export async function findSweeps(outputDir: string): Promise<string[]> {
  const folder = sweepsFolder(outputDir);
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileError(error, 'read', folder);
  });
  return names
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}

/** Asks the process that works on a sweep to stop, or takes that back. */
export async function askSweep(folder: string, want: 'run' | 'stop'): Promise<void> {
  await writeJson(sweepPaths.control(folder), { want });
}

/** Whether the sweep is asked to stop. A damaged file asks nothing. */
export async function isAskedToStop(folder: string): Promise<boolean> {
  const value = await nullIfMissing(readJsonObject(sweepPaths.control(folder), maxControlBytes)).catch(() => null);
  return value?.['want'] === 'stop';
}

/** The tag of the runs of a sweep. */
export const sweepTag = (folder: string): string => `sweep:${basename(folder)}`;

function isSweep(value: Partial<Record<keyof Sweep, unknown>>): value is Sweep & typeof value {
  const { name, created, base, method, axes, seed, budget, metric, greater_is_better: greater } = value;
  const { rungs, eta, held_out: held, trials } = value;
  return (
    typeof name === 'string' &&
    typeof created === 'number' &&
    isRecord(base) &&
    (method === 'grid' || method === 'random' || method === 'halving') &&
    isList(axes, (axis) => isRecord(axis) && typeof axis['key'] === 'string') &&
    typeof seed === 'number' &&
    (budget === null || typeof budget === 'number') &&
    typeof metric === 'string' &&
    typeof greater === 'boolean' &&
    isList(rungs, (step) => typeof step === 'number') &&
    typeof eta === 'number' &&
    (held === null || typeof held === 'number') &&
    isList(trials, isTrial)
  );
}

const isList = (value: unknown, fits: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(fits);

function isTrial(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { index, values, run, state, rung, result, seconds, error }: Partial<Record<keyof Trial, unknown>> = value;
  return (
    typeof index === 'number' &&
    isRecord(values) &&
    (run === null || typeof run === 'string') &&
    typeof state === 'string' &&
    Object.hasOwn(states, state) &&
    typeof rung === 'number' &&
    typeof seconds === 'number' &&
    (error === null || typeof error === 'string') &&
    (result === null || (isRecord(result) && typeof result['step'] === 'number' && isNumberOrNull(result['value'])))
  );
}

/** JSON has no NaN: it writes null. */
const isNumberOrNull = (value: unknown): boolean => value === null || typeof value === 'number';
