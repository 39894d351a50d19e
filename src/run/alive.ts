import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './fileError';
import type { RunState, RunStatus } from './types';

const run = promisify(execFile);

/** The trainer renews its heartbeat each 2 s outside a step; below this age the pid alone is proof enough. */
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
 * Whether the process that wrote the state still runs. A long step renews no heartbeat and a dead trainer's pid may
 * belong to another process by now, so behind an old heartbeat stands a look at the process's command line.
 */
export async function isTrainerAlive(folder: string, state: RunState, now: number): Promise<boolean> {
  const age = now - state.heartbeat;
  if (state.pid <= 0) return age < startMs;
  if (!pidExists(state.pid)) return false;
  if (age < freshMs) return true;
  const command = await commandLine(state.pid);
  return command === null || command.includes(folder);
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
    // Gone in between, or not ours to read: the caller then trusts the pid.
    return null;
  }
}
