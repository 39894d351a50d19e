import { thisMachine } from '../base/node/thisMachine';
import { runVersion, type RunState } from './types';

/** The state of a run that has done nothing yet: `starting` on this machine, without a process, at step 0. */
export function newRunState(): RunState {
  return {
    version: runVersion,
    status: 'starting',
    pid: 0,
    machine: thisMachine(),
    heartbeat: Date.now(),
    step: 0,
    steps: 0,
    rows_read: null,
    eta: null,
    pairs_per_second: null,
    tokens_per_second: null,
    best: null,
    memory: null,
    error: null,
  };
}
