import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readSmallText } from './smallFile';
import { birthOf } from './thisMachine';

const run = promisify(execFile);

/** Linux itself limits the arguments of a process to 2 MB. */
const maxBytes = 4 << 20;

/** The arguments of a process; empty if the process has ended, null if the system does not report them. */
export async function commandLine(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux')
      return birthOf(pid) === 'ended' ? '' : await readSmallText(`/proc/${pid}/cmdline`, maxBytes);
    if (process.platform === 'win32') return null;
    return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    // The process ended meanwhile, or belongs to another user.
    return null;
  }
}
