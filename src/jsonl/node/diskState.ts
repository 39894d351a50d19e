import { stat } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import { errorCode, MarginError } from '../../base/pure/marginError';
import { LineFile } from './lineFile';
import type { Thoroughness } from './sameHead';
import { sameStamp, type Stamp, stampOf } from '../stamp';

/**
 * Compares the file at a path with the lines that were read from it. It has the same lines, more lines after them, or
 * other lines, or it is gone.
 */
export type DiskState = 'same' | 'grown' | 'changed' | 'gone';

/** The state of the file on the disk, with the values that the caller needs next. */
export type DiskLook =
  | { readonly state: 'same'; readonly stamp: Stamp }
  /** `file` is open, and its index continues the old one. The caller closes it or the old file. */
  | { readonly state: 'grown'; readonly file: LineFile }
  | { readonly state: 'changed' | 'gone' };

/**
 * Checks whether another program wrote to a file whose lines are all known. A file with the same size but another time
 * is read again completely.
 *
 * @param base the file as it was read
 * @param check how much of a file that has grown is read again
 * @throws MarginError `not-a-file`, `not-readable`
 */
export async function lookAtDisk(base: LineFile, check: Thoroughness): Promise<DiskLook> {
  const { index } = base;
  let file: LineFile;
  try {
    const now = stampOf(await stat(base.path));
    const how = sameStamp(now, base.stamp) ? 'some' : now.size === index.bytes ? 'all' : check;
    const { threads } = base;
    file = await LineFile.open(base.path, { known: base, check: how, keep: base.kept !== null, threads });
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'missing') return { state: 'gone' };
    throw fileError(error, 'read', base.path);
  }
  const grew = file.index === index && file.stamp.size > index.bytes;
  // Only a file of lines can grow. An array with more text after its "]" has changed.
  if (grew && index.layout === 'lines') return { state: 'grown', file };
  await file.close();
  return file.index === index && !grew ? { state: 'same', stamp: file.stamp } : { state: 'changed' };
}

/** @throws MarginError `changed-on-disk` if saving would overwrite what another program wrote */
export function refuseChanged(file: string, state: DiskState): void {
  if (state !== 'changed') return;
  const ways = 'Overwrite it, save under another name, or revert to what is on disk.';
  throw new MarginError('changed-on-disk', `${file} was changed by another program since it was opened. ${ways}`, {
    file,
    state,
  });
}
