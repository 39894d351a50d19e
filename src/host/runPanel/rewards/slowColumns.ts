import { MarginError } from '../../../base/pure/marginError';
import type { NumbersOfRows } from '../../../jsonl/node/columns/readNumbers';
import type { FileNumber } from '../../../pairs/fileNumber';
import type { ReadSlowly } from './slowWork';

/** Shows that a column of a dataset is read, if that takes a while, and lets the person stop it. */
export type SlowColumns = (
  dataset: string,
  name: FileNumber,
  read: ReadSlowly<NumbersOfRows>,
) => Promise<NumbersOfRows>;

/** Nobody sees it, and nobody stops it. */
export const unseenColumns: SlowColumns = (_dataset, _name, read) =>
  read(() => undefined, new AbortController().signal);

/** The person has stopped the reading of a column. The view goes back to what it showed before. */
export function columnStopped(name: FileNumber): MarginError {
  return new MarginError('column-stopped', `${name} was not read to the end, because you stopped it.`, { name });
}
