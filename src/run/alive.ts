import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../base/node/fileError';
import type { RunState, RunStatus } from './types';

const run = promisify(execFile);

/** The trainer renews its heartbeat each 2 s; only a step of a huge model, or a suspended computer, keeps it silent for long. */
const silentMs = 600_000;
/** Behind a heartbeat as young as this a living pid is proof enough. */
const freshMs = 10_000;
/** A trainer that never wrote its pid had this long to start. */
const startMs = 30_000;

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
 * Whether the process that wrote the state still runs. A dead trainer's pid may belong to another process by now, or to a
 * zombie nobody waits for, so its command line must name the run folder; by its last part, for links lead to it under
 * other names. Where the system tells no command line, the heartbeat decides.
 */
export async function isTrainerAlive(folder: string, state: RunState, now: number): Promise<boolean> {
  const age = now - state.heartbeat;
  if (state.pid <= 0) return age < startMs;
  if (!pidExists(state.pid)) return false;
  // Elsewhere than on Linux the look costs a process, and watchers ask twice a second.
  if (process.platform !== 'linux' && age < freshMs) return true;
  const command = await commandLine(state.pid);
  return command === null ? age < silentMs : command.includes(basename(folder));
}

export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return errorCode(error) === 'EPERM';
  }
}

/** Arguments of a process, or null where the system does not tell. */
async function commandLine(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (process.platform === 'win32') return null;
    return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    // Gone in between, or not ours to read: the caller then goes by the heartbeat.
    return null;
  }
}
