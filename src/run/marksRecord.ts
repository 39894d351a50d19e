import { stat } from 'node:fs/promises';
import { sha256Of } from '../base/node/fileHash';
import { fileError } from '../base/node/fileError';
import { nullIfMissing } from '../base/node/jsonFile';
import { MarginError } from '../base/pure/marginError';
import { marksName } from '../pairs/marks/marksName';
import type { FileFingerprint, RunConfig, TrainConfig } from './types';

type MarkedFiles = Pick<TrainConfig, 'use_marks' | 'train_file' | 'eval_file'>;

/** The marks files that a config may use: those beside its data files; none without `use_marks`. */
function marksFiles({ use_marks: uses, train_file: train, eval_file: held }: MarkedFiles): readonly string[] {
  if (!uses) return [];
  return [...new Set([train, ...(held === null ? [] : [held])].map(marksName))];
}

/**
 * The marks files of a run, for its record. One of its two data files may have none.
 *
 * @throws MarginError `config-file` if there are no marks at all, or a file cannot be read
 */
export async function fingerprintMarks(config: MarkedFiles): Promise<readonly FileFingerprint[]> {
  const paths = marksFiles(config);
  const found = (await Promise.all(paths.map(fingerprint))).flatMap((print) => print ?? []);
  if (paths.length === 0 || found.length > 0) return found;
  const message = `use_marks: there is no ${paths.join(' and no ')}. Review the pairs in the editor, which writes the file, or leave out use_marks.`;
  throw new MarginError('config-file', message, { field: 'use_marks', path: paths[0] });
}

/**
 * The marks files of a run that have other bytes than when the run was made, are new, or are gone.
 *
 * @throws MarginError as {@link fingerprintMarks}, for a file that cannot be read
 */
export async function changedMarks({ config, marks }: RunConfig): Promise<readonly string[]> {
  const before = new Map(marks.map(({ path, sha256 }) => [path, sha256]));
  const now = await Promise.all(marksFiles(config).map(async (path) => [path, await fingerprint(path)] as const));
  return now.flatMap(([path, print]) => (before.get(path) === print?.sha256 ? [] : [path]));
}

/** @returns null if there is no such file */
async function fingerprint(path: string): Promise<FileFingerprint | null> {
  const print = async (): Promise<FileFingerprint> => {
    try {
      return { path, size: (await stat(path)).size, sha256: await sha256Of(path) };
    } catch (error) {
      throw fileError(error, 'read', path);
    }
  };
  try {
    return await nullIfMissing(print());
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    throw new MarginError('config-file', `use_marks: ${error.message}`, { field: 'use_marks', path });
  }
}
