import { thisMachine } from '../base/node/thisMachine';
import { lastEvents } from './events';
import { holderOf, type LockHolder } from './lock';
import { runVersion } from './types';
import type { RunEvent, RunState } from './types';

/**
 * The state of a run whose state.json is damaged: whether it lives by its lock, how far it came by its last events and
 * its checkpoints. How many steps it is to have is not told; it is 0.
 *
 * @param checkpoints steps with a checkpoint
 */
export async function stateFromTraces(folder: string, checkpoints: readonly number[]): Promise<RunState> {
  // Events that cannot be read either tell nothing; whoever shows them says so.
  const events = await lastEvents(folder).catch((): RunEvent[] => []);
  const holder = await holderOf(folder).catch(() => null);
  const last = events.at(-1);
  const error = last?.kind === 'error' ? { code: last.code, message: last.message } : null;
  const alive = isTrainer(holder) ? holder : null;
  return {
    version: runVersion,
    status: alive ? 'running' : error ? 'failed' : 'stopped',
    pid: alive?.pid ?? 0,
    machine: alive?.machine ?? thisMachine(),
    heartbeat: alive?.since ?? last?.t ?? 0,
    step: Math.max(last?.step ?? 0, ...checkpoints),
    steps: 0,
    rows_read: null,
    eta: null,
    pairs_per_second: null,
    tokens_per_second: null,
    best: null,
    memory: null,
    error,
  };
}

/** Whoever is about to start the trainer holds the lock as well, and asks this. */
function isTrainer(holder: LockHolder | 'unknown' | null): holder is LockHolder {
  if (holder === null || holder === 'unknown' || holder.pid === process.pid) return false;
  return holder.purpose === 'training' || holder.purpose === 'starting';
}
