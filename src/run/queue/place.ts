import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { nullIfMissing, writeJson } from '../../base/node/jsonFile';
import { readJsonObject } from '../../base/node/smallFile';
import { runVersion, type RunState } from '../types';

/** The file holds two numbers. */
const maxPlaceBytes = 1 << 12;
/** The place of a queued run whose queued.json is missing or damaged: after all others. */
const lastPlace = Number.MAX_SAFE_INTEGER;

const placeFile = (folder: string): string => join(folder, 'queued.json');

/**
 * The place of a queued run among the others of its runs folder: the lowest comes first. Places may have gaps
 * and may be equal. A damaged file loses nothing but the place, because state.json says that the run is queued.
 */
export async function readPlace(folder: string): Promise<number> {
  const value = await nullIfMissing(readJsonObject(placeFile(folder), maxPlaceBytes)).catch(() => null);
  const place = value?.['place'];
  return typeof place === 'number' && Number.isSafeInteger(place) && place >= 0 ? place : lastPlace;
}

/** Replaces queued.json. Errors as `writeJson`. */
export async function writePlace(folder: string, place: number): Promise<void> {
  await writeJson(placeFile(folder), { version: runVersion, place });
}

export async function removePlace(folder: string): Promise<void> {
  await rm(placeFile(folder), { force: true });
}

/** Whether a queued run waits for this machine. Its start does not matter: a queue goes on after a restart. */
export function waitsHere(state: Pick<RunState, 'machine'>): boolean {
  return state.machine === null || state.machine.host === hostname();
}
