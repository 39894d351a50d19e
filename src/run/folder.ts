import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, MarginError } from '../base/pure/marginError';
import { fileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';
import { writeJson, writeJsonSync } from '../base/node/jsonFile';
import { readRunJson } from './readRunJson';
import { asRunConfig, asRunState } from './shapes';
import type { RunConfig, RunControl, RunState } from './types';

/** Some 5 KB, and 200 bytes more for each file of the model: a thousand shards fit. */
const maxConfigBytes = 1 << 20;
/** Some 600 bytes and an error's message. */
const maxStateBytes = 1 << 16;
/** One word. */
const maxControlBytes = 1 << 12;

/** Where things lie in a run folder; `rewards` and `checkpoints` hold one entry a step, named by {@link stepName}. */
export const runPaths = {
  config: (folder: string): string => join(folder, 'config.json'),
  events: (folder: string): string => join(folder, 'events.jsonl'),
  state: (folder: string): string => join(folder, 'state.json'),
  control: (folder: string): string => join(folder, 'control.json'),
  log: (folder: string): string => join(folder, 'log.txt'),
  checkpoint: (folder: string, step: number): string => join(folder, 'checkpoints', stepName(step)),
  rewards: (folder: string, step: number): string => join(folder, 'rewards', `${stepName(step)}.jsonl`),
};

/** `step-000050` */
export function stepName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The step of `step-000050` or `step-000050.jsonl`, or null for any other name. */
export function stepOfName(name: string): number | null {
  const digits = /^step-(\d{6,})(?:\.jsonl)?$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * Makes `YYYYMMDD-HHMM-NAME` (local time) in `outputDir`, with `-2`, `-3`, … where it is taken, its `checkpoints` and
 * `rewards` folders and `config.json`. Returns the folder. Errors as {@link fileError}.
 */
export async function createRunFolder(outputDir: string, config: RunConfig): Promise<string> {
  const stem = `${timestamp(new Date(config.created))}-${slug(config.name)}`;
  try {
    await makeFolder(outputDir);
    const folder = await makeUnique(join(outputDir, stem));
    await Promise.all([mkdir(join(folder, 'checkpoints')), mkdir(join(folder, 'rewards'))]);
    await writeJson(runPaths.config(folder), config);
    return folder;
  } catch (error) {
    throw fileError(error, 'create', join(outputDir, stem));
  }
}

/**
 * config.json, with defaults for keys that the Margin which wrote it did not have yet; error `not-a-run` where there is
 * none, `corrupt` naming the field that is wrong, else as {@link readRunJson}.
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = runPaths.config(folder);
  const value = await readRunJson(path, maxConfigBytes);
  if (value !== null) return asRunConfig(value, path);
  const message = `${folder} is not a run folder: it has no config.json. Name one of the folders under .margin/runs.`;
  throw new MarginError('not-a-run', message, { folder });
}

/** Replaces config.json, for the process that holds the run. Errors as {@link fileError}. */
export async function writeRunConfig(folder: string, config: RunConfig): Promise<void> {
  await writeJson(runPaths.config(folder), config);
}

/** state.json, or null before the run was ever started. Errors: `corrupt`, and those of {@link readRunJson}. */
export async function readState(folder: string): Promise<RunState | null> {
  const path = runPaths.state(folder);
  const value = await readRunJson(path, maxStateBytes);
  if (value === null) return null;
  const state = asRunState(value);
  if (state) return state;
  throw new MarginError(
    'corrupt',
    `${path} lacks a field of a run's state, or has one of another type: the file is damaged.`,
    { path },
  );
}

/**
 * For the trainer, between steps and on its heartbeat: synchronous, so that two states never overtake one another. It
 * is not flushed, which would take some milliseconds of each step: a state that is lost is derived again.
 */
export function writeState(folder: string, state: RunState): void {
  writeJsonSync(runPaths.state(folder), state);
}

/** What is wanted; `run` where nobody asked for anything or the file is damaged (a run must not die of it). */
export async function readControl(folder: string): Promise<RunControl> {
  const value = await readRunJson(runPaths.control(folder), maxControlBytes).catch(() => null);
  const want = value?.['want'];
  return { want: want === 'pause' || want === 'stop' ? want : 'run' };
}

export async function writeControl(folder: string, control: RunControl): Promise<void> {
  await writeJson(runPaths.control(folder), control);
}

async function makeUnique(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    try {
      await mkdir(candidate);
      return candidate;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

function timestamp(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}-${two(date.getHours())}${two(date.getMinutes())}`;
}

/**
 * Letters, digits, dot, dash and underscore of any script are safe in names on every file system; 60 characters are
 * enough.
 */
function slug(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return [...safe].slice(0, 60).join('') || 'run';
}
