import { basename } from 'node:path';
import { commandLine } from '../base/node/commandLine';
import { isHere, pidExists } from '../base/node/thisMachine';
import { silentMs } from './silence';
import type { RunState, RunStatus } from './types';

/**
 * The longest silence of a process on this machine whose command line is unknown. A suspended computer sends nothing.
 */
const silentHereMs = 600_000;
/** With a heartbeat this recent, an existing pid is proof enough. */
const freshMs = 10_000;
/** The time that a trainer has from its start until it writes its pid. */
const startMs = 30_000;

const livingStatuses: ReadonlySet<RunStatus> = new Set(['starting', 'running', 'paused', 'stopping']);

/** Whether a run with this status has a trainer process. */
export function isLiving(status: RunStatus | 'lost'): boolean {
  return status !== 'lost' && livingStatuses.has(status);
}

/** The status in state.json, or `lost` if that says the run is alive and its process does not exist. */
export async function derivedStatus(folder: string, state: RunState, now: number): Promise<RunStatus | 'lost'> {
  if (!isLiving(state.status)) return state.status;
  return (await isTrainerAlive(folder, state, now)) ? state.status : 'lost';
}

/**
 * Whether the process that wrote a state still runs.
 *
 * On this machine, another process may have the pid of a dead trainer by now, or the pid may be a zombie. So the
 * command line of the process must contain the name of the run folder (only its last part, since links may lead to the
 * folder). On another machine or in another container the pid has no meaning, so the age of the heartbeat decides. It
 * also decides if the system does not report the command line.
 *
 * @param now milliseconds since 1970
 */
export async function isTrainerAlive(
  folder: string,
  state: Pick<RunState, 'pid' | 'machine' | 'heartbeat'>,
  now: number,
): Promise<boolean> {
  // A heartbeat in the future comes from a wrong clock. It counts as equally old.
  const age = Math.abs(now - state.heartbeat);
  if (state.pid <= 0) return age < startMs;
  if (state.machine !== null && !isHere(state.machine)) return age < silentMs;
  if (!pidExists(state.pid)) return false;
  // Outside Linux a command line costs a process, and watchers ask twice a second.
  if (process.platform !== 'linux' && age < freshMs) return true;
  const command = await commandLine(state.pid);
  return command === null ? age < silentHereMs : command.includes(basename(folder));
}
