import { dirname } from 'node:path';
import { writeJson } from '../../../base/node/jsonFile';
import { makeFolder } from '../../../base/node/makeFolder';
import { readJsonObject } from '../../../base/node/smallFile';
import { isRecord } from '../../../base/pure/isRecord';
import { MarginError } from '../../../base/pure/marginError';
import { armNames, type CleaningResult, cleaningVerdicts } from '../../../pairs/cleaning/cleaningResult';
import { suspectPaths } from './suspectsFile';

/** A result has some KB. */
const maxBytes = 1 << 20;

/** Saves beside a data file whether it pays to clean it. Returns the path. Errors as `fileError`. */
export async function saveCleaning(file: string, result: CleaningResult): Promise<string> {
  const { cleaning } = suspectPaths(file);
  await makeFolder(dirname(cleaning));
  await writeJson(cleaning, result);
  return cleaning;
}

/**
 * Reads what was saved beside a data file.
 *
 * @throws MarginError `missing` if nothing was; `corrupt`; `newer` if a newer Margin wrote it; those of
 *   `readJsonObject`
 */
export async function readCleaning(file: string): Promise<CleaningResult> {
  const { cleaning: path } = suspectPaths(file);
  const value = await readJsonObject(path, maxBytes);
  const { version } = value;
  if (Number.isSafeInteger(version) && Number(version) > 1)
    throw new MarginError('newer', `${path} is from a newer Margin. Update Margin to see it.`, { path });
  if (version === 1 && isResult(value)) return value;
  const message = `${path} is not a result of margin cleaning: the file is damaged. Run the command again, or delete it.`;
  throw new MarginError('corrupt', message, { path });
}

type Unknown<T> = Partial<Record<keyof T, unknown>>;

function isResult(value: Unknown<CleaningResult>): value is typeof value & CleaningResult {
  const { created, verdict, text, notes, train, held, seeds, steps, arms, gains } = value;
  return (
    [created, seeds, steps].every(Number.isFinite) &&
    cleaningVerdicts.some((one) => one === verdict) &&
    typeof text === 'string' &&
    isList(notes, (note) => typeof note === 'string') &&
    isRecord(train) &&
    hasNumbers(train, ['rows', 'flipped']) &&
    hasNumbers(train['noise'], ['rate', 'low', 'high']) &&
    hasNumbers(held, ['rows']) &&
    isList(arms, isArm) &&
    isList(gains, isGain)
  );
}

const isArm = (arm: unknown): boolean =>
  isRecord(arm) &&
  armNames.some((name) => name === arm['name']) &&
  hasNumbers(arm, ['rows']) &&
  hasNumbers(arm['accuracy'], ['share', 'low', 'high']) &&
  (arm['clean'] === null || hasNumbers(arm['clean'], ['share', 'low', 'high'])) &&
  isList(arm['bySeed'], Number.isFinite) &&
  isList(arm['runs'], (run) => typeof run === 'string');

const isGain = (gain: unknown): boolean =>
  isRecord(gain) &&
  (gain['over'] === 'as-is' || gain['over'] === 'random') &&
  (gain['on'] === 'all' || gain['on'] === 'clean') &&
  hasNumbers(gain, ['gain', 'low', 'high', 'p']);

const isList = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);

const hasNumbers = (value: unknown, names: readonly string[]): boolean =>
  isRecord(value) && names.every((name) => Number.isFinite(value[name]));
