import { execFileSync } from 'node:child_process';

/** Windows has no FIFOs among its files. */
export const hasFifos = process.platform !== 'win32';

/** A named pipe that nobody writes to. A plain open of it waits forever. */
export function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}
