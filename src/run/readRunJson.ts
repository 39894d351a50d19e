import { nullIfMissing } from '../base/node/jsonFile';
import { readJsonObject } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import { runVersion } from './types';

/**
 * The object in a JSON file of a run folder, or null if the file is missing. Errors: `newer-version` if its `version`
 * is above {@link runVersion}, and those of {@link readJsonObject}.
 */
export async function readRunJson(path: string, maxBytes: number): Promise<Readonly<Record<string, unknown>> | null> {
  const value = await nullIfMissing(readJsonObject(path, maxBytes));
  const version = value?.['version'];
  if (typeof version === 'number' && version > runVersion) {
    throw new MarginError(
      'newer-version',
      `${path} was written by a newer Margin (run format ${version}; this one reads up to ${runVersion}). Update Margin to open this run.`,
      { path, version },
    );
  }
  return value;
}
