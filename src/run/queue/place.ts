import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { nullIfMissing, writeJson } from '../../base/node/jsonFile';
import { readJsonObject } from '../../base/node/smallFile';
import { runVersion, type RunState } from '../types';

/** The file holds three numbers. */
const maxPlaceBytes = 1 << 12;
/** The place of a queued run whose queued.json is missing or damaged: after all others. */
const lastPlace = Number.MAX_SAFE_INTEGER;

const placeFile = (folder: string): string => join(folder, 'queued.json');

/** The place of a queued run, and what it is started with. */
export interface QueuePlace {
  /** Among the other runs of its runs folder: the lowest comes first. Places may have gaps and may be equal. */
  readonly place: number;
  /** The step at which it saves and stops; null: at its end. */
  readonly stopAt: number | null;
}

/** Reads queued.json. A damaged file loses nothing but the place, because state.json says that the run is queued. */
export async function readPlace(folder: string): Promise<QueuePlace> {
  const value = await nullIfMissing(readJsonObject(placeFile(folder), maxPlaceBytes)).catch(() => null);
  const [place, stopAt] = [value?.['place'], value?.['stop_at']];
  return { place: isCount(place) ? place : lastPlace, stopAt: isCount(stopAt) ? stopAt : null };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Replaces queued.json. Errors as `writeJson`. */
export async function writePlace(folder: string, { place, stopAt }: QueuePlace): Promise<void> {
  await writeJson(placeFile(folder), { version: runVersion, place, ...(stopAt === null ? {} : { stop_at: stopAt }) });
}

export async function removePlace(folder: string): Promise<void> {
  await rm(placeFile(folder), { force: true });
}

/** Whether a queued run waits for this machine. Its start does not matter: a queue goes on after a restart. */
export function waitsHere(state: Pick<RunState, 'machine'>): boolean {
  return state.machine === null || state.machine.host === hostname();
}
