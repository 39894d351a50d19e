import { execFileSync } from 'node:child_process';

/** Windows has no FIFOs among its files. */
export const hasFifos = process.platform !== 'win32';

/** A named pipe that nobody writes to: who opens it plainly waits for ever. */
export function makeFifo(path: string): void {
  execFileSync('mkfifo', [path]);
}
