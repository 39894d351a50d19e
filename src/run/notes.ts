import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../base/node/fileError';
import { writeJson } from '../base/node/jsonFile';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { runPaths } from './folder';
import { readRunJson } from './readRunJson';
import type { StepPin } from './stepPin';

/** What a person noted of a run: `notes.json` in its folder. Without the file, nothing is noted. */
export interface RunNotes {
  readonly tags: readonly string[];
  readonly note: string;
  /** Whether the other runs of its folder are compared with this one. */
  readonly baseline: boolean;
  readonly pins: readonly StepPin[];
}

export const noNotes: RunNotes = { tags: [], note: '', baseline: false, pins: [] };

/** The version of the file. A reader refuses a newer one, as of the other files of a run. */
const notesVersion = 1;
/** A note is a page of text at most, and a run has some pins. */
const maxNotesBytes = 1 << 20;

/** Two views of one window may change the notes of a run at once: by path, the change that is being written. */
const writing = new Map<string, Promise<unknown>>();

/**
 * The notes of a run.
 *
 * @throws MarginError `corrupt` with the wrong field, and those of {@link readRunJson}
 */
export async function readNotes(folder: string): Promise<RunNotes> {
  return (await readFile(folder)).notes;
}

/**
 * Changes the notes of a run and replaces the file. Keys that this Margin does not know stay as they are.
 *
 * @param change returns the fields to replace
 * @returns the notes after the change
 * @throws MarginError as {@link readNotes}: a damaged file is not overwritten; and those of {@link fileError}
 */
export async function changeNotes(folder: string, change: (notes: RunNotes) => Partial<RunNotes>): Promise<RunNotes> {
  const path = runPaths.notes(folder);
  const before = writing.get(path) ?? Promise.resolve();
  // The caller of the change before has got its error.
  const written = before.catch(() => undefined).then(() => replaceNotes(folder, change));
  writing.set(path, written);
  try {
    return await written;
  } finally {
    if (writing.get(path) === written) writing.delete(path);
  }
}

/**
 * Makes a run the baseline of its runs folder, or takes that away. One run at most is the baseline, so the others lose
 * it first.
 *
 * @returns the folders of the other runs that were the baseline
 * @throws MarginError as {@link changeNotes}
 */
export async function setBaseline(folder: string, baseline: boolean): Promise<readonly string[]> {
  const cleared: string[] = [];
  for (const other of baseline ? await siblings(folder) : []) {
    // Damaged notes say nothing, so they name no baseline either; the views show their error.
    const notes = await readNotes(other).catch(() => noNotes);
    if (!notes.baseline) continue;
    await changeNotes(other, () => ({ baseline: false }));
    cleared.push(other);
  }
  await changeNotes(folder, () => ({ baseline }));
  return cleared;
}

async function replaceNotes(folder: string, change: (notes: RunNotes) => Partial<RunNotes>): Promise<RunNotes> {
  const { notes, unknown } = await readFile(folder);
  const changed = { ...notes, ...change(notes) };
  await writeJson(runPaths.notes(folder), { ...unknown, version: notesVersion, ...changed });
  return changed;
}

async function readFile(
  folder: string,
): Promise<{ readonly notes: RunNotes; readonly unknown: Readonly<Record<string, unknown>> }> {
  const path = runPaths.notes(folder);
  const value = await readRunJson(path, maxNotesBytes);
  return value === null ? { notes: noNotes, unknown: {} } : { notes: asNotes(value, path), unknown: value };
}

function asNotes(value: Readonly<Record<string, unknown>>, path: string): RunNotes {
  const { version, tags = [], note = '', baseline = false, pins = [] } = value;
  if (version !== notesVersion) throw damaged(path, `version must be ${notesVersion}`);
  if (!isTexts(tags)) throw damaged(path, 'tags must be a list of strings');
  if (typeof note !== 'string') throw damaged(path, 'note must be a string');
  if (typeof baseline !== 'boolean') throw damaged(path, 'baseline must be true or false');
  if (!Array.isArray(pins) || !pins.every(isPin))
    throw damaged(path, 'pins must be a list of objects with step, note and at');
  return { tags, note, baseline, pins };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isPin(value: unknown): value is StepPin {
  if (!isRecord(value)) return false;
  const { step, note, at } = value;
  const isStep = Number.isSafeInteger(step) && Number(step) >= 0;
  return isStep && typeof note === 'string' && typeof at === 'string' && !Number.isNaN(Date.parse(at));
}

async function siblings(folder: string): Promise<readonly string[]> {
  const parent = dirname(folder);
  try {
    const names = (await readdir(parent)).filter((name) => !name.startsWith('.'));
    return names.map((name) => join(parent, name)).filter((path) => path !== folder);
  } catch (error) {
    throw fileError(error, 'read', parent);
  }
}

function damaged(path: string, what: string): MarginError {
  const message = `${path}: ${what}: the file is damaged. Restore it, or delete it: only what was noted is lost.`;
  return new MarginError('corrupt', message, { path });
}
