import type { Stats } from 'node:fs';

/** What tells at a glance whether a file may have been written to. */
export interface Stamp {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  readonly device: number;
  readonly inode: number;
}

export function stampOf({ size, mtimeMs, dev, ino }: Stats): Stamp {
  return { size, mtime: mtimeMs, device: dev, inode: ino };
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.mtime === b.mtime && sameFile(a, b);
}

/** Whether both are the same file, under one name or two. */
export function sameFile(a: Stamp, b: Stamp): boolean {
  return a.device === b.device && a.inode === b.inode;
}
