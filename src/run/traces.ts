import { lastEvents } from './events';
import { holderOf, type LockHolder } from './lock';
import { newRunState } from './newRunState';
import type { RunEvent, RunState } from './types';

/**
 * Works out the state of a run whose state.json is damaged. The lock tells whether it is alive; the last events and the
 * checkpoints tell how far it came. Its number of steps is unknown and given as 0.
 *
 * @param checkpoints the steps with a checkpoint
 */
export async function stateFromTraces(folder: string, checkpoints: readonly number[]): Promise<RunState> {
  const events = await lastEventsIfReadable(folder);
  // What cannot be read leaves no trace: nobody is known to be alive.
  const holder = await holderOf(folder).catch(() => null);
  const last = events.at(-1);
  const error = last?.kind === 'error' ? { code: last.code, message: last.message } : null;
  const alive = isTrainer(holder) ? holder : null;
  const state = newRunState();
  return {
    ...state,
    status: alive ? 'running' : error ? 'failed' : 'stopped',
    pid: alive ? alive.pid : state.pid,
    machine: alive ? alive.machine : state.machine,
    heartbeat: alive ? alive.since : last ? last.t : 0,
    step: Math.max(0, ...(last ? [last.step] : []), ...checkpoints),
    error,
  };
}

async function lastEventsIfReadable(folder: string): Promise<readonly RunEvent[]> {
  try {
    return (await lastEvents(folder)).events;
  } catch {
    // Damaged too. The views that show events report it.
    return [];
  }
}

/** This process may hold the lock itself, because it is about to start the trainer. */
function isTrainer(holder: LockHolder | 'unknown' | null): holder is LockHolder {
  if (holder === null || holder === 'unknown' || holder.pid === process.pid) return false;
  return holder.purpose === 'training' || holder.purpose === 'starting';
}
