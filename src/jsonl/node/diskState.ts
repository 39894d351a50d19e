import { stat } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import { errorCode, MarginError } from '../../base/pure/marginError';
import { LineFile } from './lineFile';
import type { Thoroughness } from './sameHead';
import { sameStamp, type Stamp, stampOf } from '../stamp';

/**
 * How the file at a path stands to the lines that were read of it: it still has them, with lines after them, other
 * lines, or there is none.
 */
export type DiskState = 'same' | 'grown' | 'changed' | 'gone';

export type Disk =
  | { readonly state: 'same'; readonly stamp: Stamp }
  /** `file` is open, and goes on where the reading ended; whoever asked closes it or the old one. */
  | { readonly state: 'grown'; readonly file: LineFile }
  | { readonly state: 'changed' | 'gone' };

/**
 * Looks whether another program wrote to a file whose lines are all known. A file whose size is the same while its time
 * is not is read again; of one that has grown, `check` says how much is. Throws MarginError `not-a-file`,
 * `not-readable`.
 */
export async function lookAtDisk(base: LineFile, check: Thoroughness): Promise<Disk> {
  const { index } = base;
  let file: LineFile;
  try {
    const now = stampOf(await stat(base.path));
    const how = sameStamp(now, base.stamp) ? 'some' : now.size === index.bytes ? 'all' : check;
    file = await LineFile.open(base.path, { known: base, check: how, keep: base.kept !== null });
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'missing') return { state: 'gone' };
    throw fileError(error, 'read', base.path);
  }
  if (file.index === index && file.stamp.size > index.bytes) return { state: 'grown', file };
  await file.close();
  return file.index === index ? { state: 'same', stamp: file.stamp } : { state: 'changed' };
}

/** Throws MarginError `changed-on-disk` where saving would throw away what another program wrote. */
export function refuseChanged(file: string, state: DiskState): void {
  if (state !== 'changed') return;
  const ways = 'Overwrite it, save under another name, or revert to what is on disk.';
  throw new MarginError('changed-on-disk', `${file} was changed by another program since it was opened. ${ways}`, {
    file,
    state,
  });
}
