import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, MarginError } from '../base/pure/marginError';
import { fileError } from '../base/node/fileError';
import { makeFolder } from '../base/node/makeFolder';
import { writeJson, writeJsonSync } from '../base/node/jsonFile';
import { readRunJson } from './readRunJson';
import { asRunConfig, asRunState } from './shapes';
import type { RunControl } from './runControl';
import type { RunConfig, RunState } from './types';

/** A config has about 5 KB, and 200 bytes more per file of the model, so a thousand shards fit. */
const maxConfigBytes = 1 << 20;
/** A state has about 600 bytes, and the message of an error. */
const maxStateBytes = 1 << 16;
/** The file holds one word. */
const maxControlBytes = 1 << 12;

/**
 * The paths of a run folder's files. `rewards` and `checkpoints` have one entry per step, named by {@link stepName}.
 */
export const runPaths = {
  config: (folder: string): string => join(folder, 'config.json'),
  events: (folder: string): string => join(folder, 'events.jsonl'),
  state: (folder: string): string => join(folder, 'state.json'),
  control: (folder: string): string => join(folder, 'control.json'),
  log: (folder: string): string => join(folder, 'log.txt'),
  notes: (folder: string): string => join(folder, 'notes.json'),
  checkpoint: (folder: string, step: number): string => join(folder, 'checkpoints', stepName(step)),
  visits: (folder: string): string => join(folder, 'rewards', 'visits.jsonl'),
  rewards: (folder: string, step: number): string => join(folder, 'rewards', `${stepName(step)}.jsonl`),
  /** The rewards of the held-out pairs at an evaluation: the newest one, and the best. */
  heldOut: (folder: string, step: number): string => join(folder, 'held-out', `${stepName(step)}.jsonl`),
};

/** The name of a step's files: `step-000050` for 50. */
export function stepName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The step of a name such as `step-000050` or `step-000050.jsonl`; null for any other name. */
export function stepOfName(name: string): number | null {
  const digits = /^step-(\d{6,})(?:\.jsonl)?$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * Creates the folder `YYYYMMDD-HHMM-NAME` (local time) in `outputDir`, with `-2`, `-3`, … if the name exists. Writes
 * its `config.json` and creates its `checkpoints` and `rewards` folders. Returns the folder. Errors as {@link
 * fileError}.
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
 * Reads config.json. Keys that an older Margin did not write get their defaults. Errors: `not-a-run` if there is no
 * config.json, `corrupt` with the wrong field, and those of {@link readRunJson}.
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = runPaths.config(folder);
  const value = await readRunJson(path, maxConfigBytes);
  if (value !== null) return asRunConfig(value, path);
  const message = `${folder} is not a run folder: it has no config.json. Name one of the folders under .margin/runs.`;
  throw new MarginError('not-a-run', message, { folder });
}

/** Replaces config.json. Only the process that holds the lock may call it. Errors as {@link fileError}. */
export async function writeRunConfig(folder: string, config: RunConfig): Promise<void> {
  await writeJson(runPaths.config(folder), config);
}

/** Reads state.json; null before the first start of the run. Errors: `corrupt`, and those of {@link readRunJson}. */
export async function readState(folder: string): Promise<RunState | null> {
  const path = runPaths.state(folder);
  const value = await readRunJson(path, maxStateBytes);
  if (value === null) return null;
  const state = asRunState(value);
  if (state) return state;
  throw new MarginError('corrupt', `${path} has a missing or wrong field: the file is damaged.`, { path });
}

/**
 * Replaces state.json. The trainer calls it between steps and on its heartbeat, so it is synchronous: states are
 * written in their order. It does not flush to disk, which would take some milliseconds of each step. A lost state is
 * worked out from the other files (see {@link stateFromTraces}).
 */
export function writeState(folder: string, state: RunState): void {
  writeJsonSync(runPaths.state(folder), state);
}

/**
 * Reads control.json. The request is `run` if there is none, or if the file is damaged: damage must not end a run.
 * {@link controlRemark} reports it.
 */
export async function readControl(folder: string): Promise<RunControl> {
  const control = await parseControl(folder);
  return control instanceof MarginError ? { want: 'run' } : control;
}

/** A sentence about a damaged control.json and what follows from it; null if the file is whole or missing. */
export async function controlRemark(folder: string): Promise<string | null> {
  const control = await parseControl(folder);
  if (!(control instanceof MarginError)) return null;
  return `${control.message} The run goes on as if nobody had asked it to pause or stop; ask again to replace the file.`;
}

async function parseControl(folder: string): Promise<RunControl | MarginError> {
  const path = runPaths.control(folder);
  try {
    const value = await readRunJson(path, maxControlBytes);
    if (value === null) return { want: 'run' };
    const { want, stop_at: stopAt } = value;
    const stop = typeof stopAt === 'number' && Number.isSafeInteger(stopAt) ? { stop_at: stopAt } : {};
    if (want === 'run' || want === 'pause' || want === 'stop') return { want, ...stop };
    return new MarginError('corrupt', `${path}: want must be run, pause or stop: the file is damaged.`, { path });
  } catch (error) {
    return fileError(error, 'read', path);
  }
}

/** Replaces control.json. Errors as {@link fileError}. */
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
 * A name that is safe on every file system: letters and digits of any script, dots, dashes and underscores, at most 60
 * characters.
 */
function slug(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+/, '');
  // Windows drops a dot at the end, also where the name was cut.
  return (
    [...safe]
      .slice(0, 60)
      .join('')
      .replace(/[-.]+$/, '') || 'run'
  );
}
