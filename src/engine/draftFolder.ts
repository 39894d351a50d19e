import { join } from 'node:path';
import { int8CopyBytes, onSameDrive } from '../model/int8Copy';
import type { Checkpoint } from '../model/types';
import { cacheFolder, privateMode } from '../base/node/cacheFolder';
import { freeDisk, freeMemory } from '../base/node/freeMemory';
import { makeFolder } from '../base/node/makeFolder';

/**
 * The folder for int8 copies of models, which make answers faster. Undefined if the copy of this model would leave too
 * little memory or disk, or cannot be written.
 */
export async function draftFolder(
  checkpoint: Checkpoint,
  folder = join(cacheFolder(), 'drafts'),
): Promise<string | undefined> {
  const isWritable = await makeFolder(folder, privateMode).then(
    () => true,
    () => false,
  );
  if (!isWritable || !onSameDrive(folder, checkpoint.folder)) return undefined;
  const bytes = int8CopyBytes(checkpoint);
  // The model cannot be copied, so no room is needed.
  if (bytes === null) return folder;
  return leavesRoom(bytes, await freeMemory(), await freeDisk(folder)) ? folder : undefined;
}

/**
 * Whether a copy leaves enough memory and disk. While the copy is rearranged it is in memory twice, and the model
 * itself is larger than its copy. All in bytes.
 */
export const leavesRoom = (copy: number, memory: number, disk: number): boolean => 4 * copy < memory && 2 * copy < disk;
