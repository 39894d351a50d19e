import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { birthOf, isHere, pidExists } from '../base/node/thisMachine';
import { readSmallText } from '../base/node/smallFile';
import { silentMs } from './silence';
import type { RunState, RunStatus } from './types';

const run = promisify(execFile);

/** Where the process id is there but its command line is not told; a suspended computer is silent for long. */
const silentHereMs = 600_000;
/** After a heartbeat as young as this a living pid is proof enough. */
const freshMs = 10_000;
/** A trainer that never wrote its pid had this long to start. */
const startMs = 30_000;
/** Linux itself ends arguments at 2 MB. */
const maxCommandBytes = 4 << 20;

const livingStatuses: ReadonlySet<RunStatus> = new Set(['starting', 'running', 'paused', 'stopping']);

export function isLiving(status: RunStatus | 'lost'): boolean {
  return status !== 'lost' && livingStatuses.has(status);
}

/** What state.json says, or `lost` where it says that the run lives but its process is gone. */
export async function derivedStatus(folder: string, state: RunState, now: number): Promise<RunStatus | 'lost'> {
  if (!isLiving(state.status)) return state.status;
  return (await isTrainerAlive(folder, state, now)) ? state.status : 'lost';
}

/**
 * Whether the process that wrote the state still runs. On another machine, or in another container, its pid means
 * nothing, so the heartbeat decides. Here a dead trainer's pid may belong to another process by now, or to a zombie
 * nobody waits for, so its command line must name the run folder; by its last part, for links lead to it under other
 * names. Where the system tells no command line, the heartbeat decides again.
 */
export async function isTrainerAlive(
  folder: string,
  state: Pick<RunState, 'pid' | 'machine' | 'heartbeat'>,
  now: number,
): Promise<boolean> {
  // A heartbeat of the future is of a clock that goes wrong, and as good as one of the past.
  const age = Math.abs(now - state.heartbeat);
  if (state.pid <= 0) return age < startMs;
  if (state.machine !== null && !isHere(state.machine)) return age < silentMs;
  if (!pidExists(state.pid)) return false;
  // Elsewhere than on Linux the look costs a process, and watchers ask twice a second.
  if (process.platform !== 'linux' && age < freshMs) return true;
  const command = await commandLine(state.pid);
  return command === null ? age < silentHereMs : command.includes(basename(folder));
}

/** Arguments of a process, or null where the system does not tell. */
async function commandLine(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux')
      return birthOf(pid) === 'ended' ? '' : await readSmallText(`/proc/${pid}/cmdline`, maxCommandBytes);
    if (process.platform === 'win32') return null;
    return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    // Gone in between, or not ours to read: the caller then goes by the heartbeat.
    return null;
  }
}
