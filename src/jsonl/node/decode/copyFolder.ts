import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pidExists } from '../../../base/node/thisMachine';

/** The state of the folder of a decoded copy. */
export interface CopyFolder {
  readonly folder: string;
  /** Whether all rows are in it. */
  readonly complete: boolean;
  /** Whether a process writes or reads it. */
  readonly inUse: boolean;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/**
 * Reads the state of a folder. Its name ends in the id of the process that writes it. A missing folder counts as empty
 * and unused.
 */
export async function lookAt(folder: string): Promise<CopyFolder> {
  const names = await readdir(folder).catch((): string[] => []);
  const gone = { mtimeMs: 0, size: 0 };
  const { mtimeMs: usedAt } = await stat(folder).catch(() => gone);
  const { size: bytes } = await stat(path.join(folder, 'rows')).catch(() => gone);
  const complete = names.includes('complete');
  const writing = !complete && lives(path.extname(folder).slice(1));
  const inUse = writing || names.some((name) => name.endsWith('.open') && lives(name));
  return { folder, complete, inUse, bytes, usedAt };
}

/** @param name begins with the id of a process */
function lives(name: string): boolean {
  const pid = /^\d+/.exec(name)?.[0];
  return pid !== undefined && pidExists(Number(pid));
}
