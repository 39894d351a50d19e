import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { openForAppending, readEnd } from '../base/node/smallFile';
import { isHere, thisMachine } from '../base/node/thisMachine';
import { MarginError } from '../base/pure/marginError';
import { isLiving } from './alive';
import { endScoring } from './endScoring';
import { currentState, type CurrentState } from './find';
import { readRunConfig, runPaths, writeControl, writeState } from './folder';
import { RunLock } from './lock';
import { forgetScoringWish } from './scoring';
import { runVersion } from './types';
import type { RunState } from './types';

/** Where a dead trainer's last words stand; a stack is some KB. */
const lastWordsBytes = 64 * 1024;
/** Shown in one line; a bundle's source, which Node prints, may be a line of a megabyte. */
const longestWords = 500;

export interface ProgramOptions {
  /** The bundled trainer, `dist/trainer.js`. It is called as `node trainer.js FOLDER [--resume | --score]`. */
  readonly trainer: string;
  /** The Node (or Electron) executable, `process.execPath`. */
  readonly node: string;
}

export interface StartOptions extends ProgramOptions {
  /** Go on from the newest checkpoint of the folder; from the first step where there is none. */
  readonly resume?: boolean;
}

export interface StartedRun {
  readonly pid: number;
  /** Ends with the trainer, for as long as this process watches: exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | string>;
}

/** The trainer takes over the lock that this variable names. */
export const lockVariable = 'MARGIN_RUN_LOCK';

/**
 * Launches the trainer of a run folder as a process of its own that outlives this one; what it prints goes to log.txt.
 * Errors: `run-alive`, `run-locked`, `not-a-run`, `trainer-missing`, and those of the folder's files.
 */
export async function startRun(folder: string, options: StartOptions): Promise<StartedRun> {
  await readRunConfig(folder);
  await refuseAlive(folder);
  await endScoring(folder);
  const lock = await RunLock.acquire(folder, 'starting');
  try {
    // Another may have started and ended it before the lock was had.
    const { state: before } = await refuseAlive(folder);
    await forgetScoringWish(folder);
    await writeControl(folder, { want: 'run' });
    writeState(folder, startingState(before));
    return await launchTrainer(folder, options, options.resume ? ['--resume'] : [], lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function refuseAlive(folder: string): Promise<CurrentState> {
  const current = await currentState(folder);
  const { state, status } = current;
  if (!state || !isLiving(status)) return current;
  const place = state.machine === null || isHere(state.machine) ? '' : ` on ${state.machine.host}`;
  const message = `${folder} is running already (process ${state.pid}${place}). Stop it first, or watch it.`;
  throw new MarginError('run-alive', message, { folder });
}

/**
 * The trainer's program on a run folder, as a process that outlives this one; what it prints goes to log.txt. It takes
 * the lock over. Error `trainer-missing`.
 */
export async function launchTrainer(
  folder: string,
  options: ProgramOptions,
  flags: readonly string[],
  lock: RunLock,
): Promise<StartedRun> {
  const child = launch(folder, options, flags, lock.token);
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      void recordEarlyDeath(folder, code ?? signal ?? 'unknown')
        .finally(() => lock.release())
        .finally(() => resolve(code ?? signal ?? 'unknown'));
    });
  });
  await spawned(child, options);
  lock.giveTo(child.pid ?? 0);
  child.unref();
  return { pid: child.pid ?? 0, exited };
}

async function spawned(child: ReturnType<typeof spawn>, { node }: ProgramOptions): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new MarginError('trainer-missing', `Cannot start the trainer with ${node}: ${String(error)}`, { node });
  }
}

function launch(
  folder: string,
  options: ProgramOptions,
  flags: readonly string[],
  lock: string,
): ReturnType<typeof spawn> {
  const log = openForAppending(runPaths.log(folder));
  try {
    return spawn(options.node, [options.trainer, folder, ...flags], {
      cwd: dirname(options.trainer),
      detached: true,
      stdio: ['ignore', log, log],
      // Inside VS Code execPath is Electron, which runs a script as plain Node only with this set.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [lockVariable]: lock },
      windowsHide: true,
    });
  } finally {
    closeSync(log);
  }
}

function startingState(before: RunState | null): RunState {
  return {
    version: runVersion,
    status: 'starting',
    pid: 0,
    machine: thisMachine(),
    heartbeat: Date.now(),
    step: before?.step ?? 0,
    steps: before?.steps ?? 0,
    rows_read: null,
    eta: null,
    pairs_per_second: null,
    tokens_per_second: null,
    best: before?.best ?? null,
    memory: null,
    error: null,
  };
}

/** A trainer that died before its first state (a missing module, say) cannot tell; whoever started it does. */
async function recordEarlyDeath(folder: string, exit: number | string): Promise<void> {
  const { state } = await currentState(folder);
  if (!state || state.pid !== 0 || state.status !== 'starting') return;
  const said = lastWords(await readEnd(runPaths.log(folder), lastWordsBytes));
  const message = `The trainer ended at once (${typeof exit === 'number' ? `exit code ${exit}` : exit}). ${said === '' ? 'It said nothing.' : `It said: ${said}`}`;
  writeState(folder, { ...state, status: 'failed', error: { code: 'trainer-died', message } });
}

/** The last line that reads like an error, for Node prints the stack behind it; else the last line. */
function lastWords(log: string): string {
  const lines = log.trimEnd().split('\n');
  const line = lines.findLast((one) => /^(\w*Error\b.*|node: .+)/.test(one)) ?? lines.at(-1) ?? '';
  return line.slice(0, longestWords);
}
