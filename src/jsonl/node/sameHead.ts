import type { FileHandle } from 'node:fs/promises';
import { blockBytes, type BlockSums } from '../blockSums';
import { readInto } from './readBytes';

/** Which blocks are read again: all, or a fixed number of them. */
export type Thoroughness = 'all' | 'some';

/** 1 MB. A program that rewrote the file has most likely changed the last block, or most of the blocks. */
const someBlocks = 64;
/** 1 MB at a time. */
const blocksAtOnce = 64;

/** Whether a file still begins with the bytes that have the checksums `sums`. */
export async function hasHead(handle: FileHandle, sums: BlockSums, how: Thoroughness): Promise<boolean> {
  const count = Math.ceil(sums.length / blockBytes);
  if (how === 'all' || count <= someBlocks) return (await changedBlocks(handle, sums, true)).length === 0;
  const buffer = Buffer.allocUnsafe(blockBytes);
  for (let i = 0; i < someBlocks; i++) {
    const block = Math.round((i * (count - 1)) / (someBlocks - 1));
    const end = Math.min((block + 1) * blockBytes, sums.length);
    if (!(await holds(handle, sums, block * blockBytes, end, buffer))) return false;
  }
  return true;
}

/**
 * The blocks of a file whose bytes differ from those of `sums`, ascending from 0.
 *
 * @param one whether to stop at the first block that differs
 */
export async function changedBlocks(handle: FileHandle, sums: BlockSums, one = false): Promise<number[]> {
  const changed: number[] = [];
  const { length } = sums;
  const stride = blockBytes * blocksAtOnce;
  const buffer = Buffer.allocUnsafe(Math.min(stride, length));
  for (let start = 0; start < length; start += stride) {
    const end = Math.min(start + stride, length);
    if (await holds(handle, sums, start, end, buffer)) continue;
    for (let block = start; block < end; block += blockBytes) {
      const blockEnd = Math.min(block + blockBytes, end);
      if (!(await holds(handle, sums, block, blockEnd, buffer))) changed.push(block / blockBytes);
    }
    if (one && changed.length > 0) break;
  }
  return changed;
}

async function holds(
  handle: FileHandle,
  sums: BlockSums,
  start: number,
  end: number,
  buffer: Buffer,
): Promise<boolean> {
  const test = sums.tester(start, end);
  const filled = await readInto(handle, buffer.subarray(0, end - start), start);
  return test(buffer.subarray(0, filled));
}
