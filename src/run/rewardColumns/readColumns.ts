import { stat } from 'node:fs/promises';
import { fileError } from '../../base/node/fileError';
import type { Breathing } from '../../base/pure/breathing';
import { MarginError } from '../../base/pure/marginError';
import { ColumnFile, columnsPath, writeColumns } from './columnFile';
import type { Source } from './columnFormat';
import { columnsOfLines, noSlices } from './eachReward';
import type { RewardColumns } from './rewardColumns';

/**
 * The rewards of a file by column. The columns are in a file beside it; if that is missing or older than the rewards,
 * it is made. In a folder that cannot be written they stay in memory.
 *
 * @param file JSON lines of rewards, which stay the file of record
 * @param told called with the part of the lines that is read, 0 to 1, if there are no columns yet
 * @throws MarginError `corrupt` with file and line, `missing`, and others of reading the lines
 */
export async function readColumns(
  file: string,
  slices: Breathing,
  told: (part: number) => void = () => undefined,
): Promise<RewardColumns> {
  const source = await sourceOf(file);
  const path = columnsPath(file);
  // Other letters than ASCII take more bytes than characters.
  const read = (characters: number): void => told(Math.min(1, characters / Number(source.size)));
  if (path === null) return columnsOfLines(file, slices, read);
  const known = await knownColumns(path);
  if (known && isSame(known.source, source)) return known;
  const columns = await columnsOfLines(file, slices, read);
  // The lines may have been replaced while they were read.
  if (!isSame(await sourceOf(file), source)) return columns;
  try {
    await writeColumns(path, columns, source);
    return await ColumnFile.open(path);
  } catch (error) {
    if (error instanceof MarginError) return columns;
    throw error;
  }
}

/**
 * Writes the file of columns of rewards that are complete, where it can: a reader makes it otherwise. Errors as {@link
 * readColumns}.
 */
export async function makeColumns(file: string): Promise<void> {
  await readColumns(file, noSlices);
}

/** Null if there are none, or if they are damaged or of another version: they can be made again. */
async function knownColumns(path: string): Promise<ColumnFile | null> {
  try {
    return await ColumnFile.open(path);
  } catch (error) {
    if (error instanceof MarginError) return null;
    throw error;
  }
}

async function sourceOf(file: string): Promise<Source> {
  try {
    const { size, mtimeNs } = await stat(file, { bigint: true });
    return { size: String(size), mtime: String(mtimeNs) };
  } catch (error) {
    throw fileError(error, 'read', file);
  }
}

function isSame(one: Source, other: Source): boolean {
  return one.size === other.size && one.mtime === other.mtime;
}
