import type { FileHandle } from 'node:fs/promises';
import { headBytes, layoutOf } from '../fileKind';
import type { RowIndex, RowLayout } from '../rowIndex';
import type { Stamp } from '../stamp';
import { readInto } from './readBytes';

/** Whether a file without rows has new bytes, which may be rows of another layout. */
export function isNewInEmpty(index: RowIndex, { size }: Stamp): boolean {
  return index.count === 0 && size > index.bytes;
}

/** How an open file holds its rows, by its first bytes. @param name names the file in errors */
export async function layoutAt(handle: FileHandle, { size }: Stamp, name: string): Promise<RowLayout> {
  const buffer = Buffer.alloc(Math.min(headBytes, size));
  const head = buffer.subarray(0, await readInto(handle, buffer, 0));
  return layoutOf(head, size <= headBytes, name);
}
