import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { int8CopyBytes, onSameDrive } from '../model/int8Copy';
import type { Checkpoint } from '../model/types';
import { cacheFolder } from '../base/node/cacheFolder';
import { freeDisk, freeMemory } from '../train/estimate/freeMemory';

/**
 * The folder of narrow copies, which make answers faster; none where this model's would crowd out other things, or
 * cannot be written.
 */
export async function draftFolder(
  checkpoint: Checkpoint,
  folder = join(cacheFolder(), 'drafts'),
): Promise<string | undefined> {
  const isWritable = await mkdir(folder, { recursive: true }).then(
    () => true,
    () => false,
  );
  if (!isWritable || !onSameDrive(folder, checkpoint.folder)) return undefined;
  return leavesRoom(int8CopyBytes(checkpoint) ?? 0, await freeMemory(), await freeDisk(folder)) ? folder : undefined;
}

/**
 * In memory a copy lies twice while it is put in the order of products, and a model is more than its copy. All in
 * bytes.
 */
export const leavesRoom = (copy: number, memory: number, disk: number): boolean => 4 * copy < memory && 2 * copy < disk;
