/** A quick test of whether a file was written to: compare two stamps of one path. */
export interface Stamp {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  readonly device: number;
  readonly inode: number;
}

/** The fields of Node's `fs.Stats` that a stamp holds. */
interface FileStats {
  readonly size: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
}

/** The stamp of a file, from Node's `fs.Stats`. */
export function stampOf({ size, mtimeMs, dev, ino }: FileStats): Stamp {
  return { size, mtime: mtimeMs, device: dev, inode: ino };
}

/** Whether both are one file with the same size and modification time. */
export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.mtime === b.mtime && sameFile(a, b);
}

/** Whether both are one file, under the same name or under two (a hard link). */
export function sameFile(a: Stamp, b: Stamp): boolean {
  return a.device === b.device && a.inode === b.inode;
}
