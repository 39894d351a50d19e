import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { errorCode, fileError } from '../base/node/fileError';
import { readJson, writeJson, writeJsonSync } from './jsonFile';
import { defaultOf, keys } from './keys';
import type { RunConfig, RunControl, RunState } from './types';

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
    await mkdir(outputDir, { recursive: true });
    const folder = await makeUnique(join(outputDir, stem));
    await Promise.all([mkdir(join(folder, 'checkpoints')), mkdir(join(folder, 'rewards'))]);
    await writeJson(runPaths.config(folder), config);
    return folder;
  } catch (error) {
    throw fileError(error, 'create', join(outputDir, stem));
  }
}

/**
 * config.json, with defaults for keys that the Margin which wrote it did not have yet; error `not-a-run` where there is none, else as
 * {@link readJson}.
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const value = await readJson(runPaths.config(folder));
  if (value === null) {
    throw new MarginError('not-a-run', `${folder} is not a run folder: it has no config.json. Name one of the folders under .margin/runs.`, { folder });
  }
  if (!isRunConfig(value)) {
    const path = runPaths.config(folder);
    throw new MarginError('corrupt', `${path} lacks name, created or config: the file is damaged.`, { path });
  }
  const defaults = keys.flatMap((key) => (key.default === undefined ? [] : [[key.name, defaultOf(key, value.config.trainer)]]));
  return { ...value, config: { ...Object.fromEntries(defaults), ...value.config } };
}

/** state.json, or null before the run was ever started. Errors as {@link readJson}. */
export async function readState(folder: string): Promise<RunState | null> {
  const value = await readJson(runPaths.state(folder));
  if (value === null) return null;
  if (!isRunState(value)) {
    const path = runPaths.state(folder);
    throw new MarginError('corrupt', `${path} lacks status, pid or step: the file is damaged.`, { path });
  }
  // An older Margin told neither how many rows it had read nor which evaluation was the best.
  return { ...value, rows_read: value.rows_read ?? null, best: value.best ?? null };
}

/** For the trainer, between steps and on its heartbeat: synchronous, so that two states never overtake one another. */
export function writeState(folder: string, state: RunState): void {
  writeJsonSync(runPaths.state(folder), state);
}

/** What is wanted; `run` where nobody asked for anything or the file is damaged (a run must not die of it). */
export async function readControl(folder: string): Promise<RunControl> {
  const value = await readJson(runPaths.control(folder)).catch(() => null);
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

/** Letters, digits, dot, dash and underscore of any script are safe in names on every file system; 60 characters are enough. */
function slug(name: string): string {
  const safe = name.normalize('NFC').replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return [...safe].slice(0, 60).join('') || 'run';
}

function isRunConfig(value: object): value is RunConfig {
  return 'name' in value && typeof value.name === 'string' && 'created' in value && typeof value.created === 'number' && 'config' in value && typeof value.config === 'object' && value.config !== null;
}

function isRunState(value: object): value is RunState {
  return 'status' in value && typeof value.status === 'string' && 'pid' in value && typeof value.pid === 'number' && 'step' in value && typeof value.step === 'number';
}
