import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../../base/node/fileError';
import { nullIfMissing, writeJson } from '../../base/node/jsonFile';
import { makeFolder } from '../../base/node/makeFolder';
import { readJsonObject } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { roundPaths } from './paths';
import { asRoundsRecord } from './recordShape';
import { type RoundsRecord, roundsVersion } from './types';

/** A round has about 1 KB. */
const maxBytes = 1 << 22;

/**
 * Reads rounds.json; null if there is none.
 *
 * @throws MarginError `newer-version`; `corrupt` with the field; those of `readJsonObject`
 */
export async function readRounds(folder: string): Promise<RoundsRecord | null> {
  const path = roundPaths.record(folder);
  const value = await nullIfMissing(readJsonObject(path, maxBytes));
  if (value === null) return null;
  const { version } = value;
  if (typeof version === 'number' && version > roundsVersion) {
    const message = `${path} was written by a newer Margin (format ${version}; this one reads up to ${roundsVersion}). Update Margin to open these rounds.`;
    throw new MarginError('newer-version', message, { path, version });
  }
  return asRoundsRecord(value, path);
}

/** Replaces rounds.json, and makes its folder if it is missing. Errors as `makeFolder` and `replaceFile`. */
export async function writeRounds(folder: string, record: RoundsRecord): Promise<void> {
  await makeFolder(folder);
  await writeJson(roundPaths.record(folder), record);
}

/**
 * The names of the rounds in a folder, in the order of the alphabet. A missing folder has none. Errors as {@link
 * fileError}.
 */
export async function roundNames(all: string): Promise<readonly string[]> {
  const entries = await nullIfMissing(
    readdir(all, { withFileTypes: true }).catch((error: unknown) => {
      throw fileError(error, 'read', all);
    }),
  );
  if (entries === null) return [];
  const names: string[] = [];
  for (const entry of entries)
    if (entry.isDirectory() && (await hasRecord(join(all, entry.name)))) names.push(entry.name);
  return names.sort();
}

async function hasRecord(folder: string): Promise<boolean> {
  const found = await nullIfMissing(
    readdir(folder).catch((error: unknown) => Promise.reject(fileError(error, 'read', folder))),
  );
  return found?.includes('rounds.json') === true;
}
