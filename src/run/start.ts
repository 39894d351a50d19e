import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { openForAppending, readEnd } from '../base/node/smallFile';
import { isHere } from '../base/node/thisMachine';
import { MarginError } from '../base/pure/marginError';
import { at, must } from '../base/pure/must';
import { isLiving } from './alive';
import { endScoring } from './endScoring';
import { currentState, type CurrentState } from './find';
import { readRunConfig, runPaths, writeControl, writeState } from './folder';
import { RunLock } from './lock';
import { newRunState } from './newRunState';
import { withdrawScoringStop } from './scoring';
import type { RunState } from './types';

/** The end of log.txt that is searched for the error of a dead trainer. A stack has some KB. */
const logEndBytes = 64 * 1024;
/** Characters of that error that are shown. Node prints a line of the bundle's source, which may have a megabyte. */
const maxErrorLength = 500;

export interface ProgramOptions {
  /** The path of the bundled trainer, `dist/trainer.js`. It runs as `node trainer.js FOLDER [--resume | --score]`. */
  readonly trainer: string;
  /** The path of the Node (or Electron) executable, `process.execPath`. */
  readonly node: string;
}

export interface StartOptions extends ProgramOptions {
  /** Continue from the newest checkpoint, or start from the first step if there is none. */
  readonly resume?: boolean;
  /** Only if the run is still in the queue; else error `not-queued`. */
  readonly fromQueue?: boolean;
  /** Save and stop after this many steps of the run, which can be resumed from there. */
  readonly stopAt?: number;
}

export interface StartedRun {
  readonly pid: number;
  /** Resolves when the trainer ends, with its exit code or the name of the signal that ended it. */
  readonly exited: Promise<number | string>;
}

/** The environment variable with the token of the lock that the trainer takes over. */
export const lockVariable = 'MARGIN_RUN_LOCK';

/**
 * Starts the trainer of a run folder as a separate process that outlives this one. It prints to log.txt. Errors:
 * `run-alive`, `run-locked`, `not-a-run`, `trainer-missing`, and those of the folder's files.
 */
export async function startRun(folder: string, options: StartOptions): Promise<StartedRun> {
  await readRunConfig(folder);
  await refuseAlive(folder);
  await endScoring(folder);
  const lock = await RunLock.acquire(folder, 'starting');
  try {
    // Another process may have started the run before this one got the lock.
    const { state: before } = await refuseAlive(folder);
    if (options.fromQueue && before?.status !== 'queued')
      throw new MarginError('not-queued', `${folder} was taken out of the queue.`, { folder });
    await withdrawScoringStop(folder);
    await writeControl(folder, { want: 'run', ...(options.stopAt === undefined ? {} : { stop_at: options.stopAt }) });
    writeState(folder, startingState(before));
    return await launchTrainer(folder, options, options.resume ? ['--resume'] : [], lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The state of a run that has no trainer. Error `run-alive`. */
export async function refuseAlive(folder: string): Promise<CurrentState> {
  const current = await currentState(folder);
  const { state, status } = current;
  if (!state || !isLiving(status)) return current;
  const place = state.machine === null || isHere(state.machine) ? '' : ` on ${state.machine.host}`;
  const message = `${folder} is running already (process ${state.pid}${place}). Stop it first, or follow it.`;
  throw new MarginError('run-alive', message, { folder });
}

/**
 * Runs the trainer's program on a run folder as a separate process that outlives this one. It prints to log.txt and
 * takes over the lock. Error `trainer-missing`.
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
      const exit = code ?? signal ?? 'unknown';
      const finish = (): void => {
        lock.release();
        resolve(exit);
      };
      // If the folder cannot be read or written, whoever shows the run reports that.
      recordEarlyDeath(folder, exit).then(finish, finish);
    });
  });
  await spawned(child, options);
  const pid = must(child.pid, 'the process id of the trainer');
  lock.giveTo(pid);
  child.unref();
  return { pid, exited };
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
      // Inside VS Code, execPath is Electron. It runs a script like Node only if this is set.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [lockVariable]: lock },
      windowsHide: true,
    });
  } finally {
    closeSync(log);
  }
}

/** A resumed run shows the progress that it had. */
export function startingState(before: RunState | null): RunState {
  const state = newRunState();
  return before ? { ...state, step: before.step, steps: before.steps, best: before.best } : state;
}

/**
 * A trainer that dies before its first state, for example because a module is missing, cannot record why. So this
 * process does.
 */
async function recordEarlyDeath(folder: string, exit: number | string): Promise<void> {
  const { state } = await currentState(folder);
  if (!state || state.pid !== 0 || state.status !== 'starting') return;
  const printed = errorLine(await readEnd(runPaths.log(folder), logEndBytes));
  const message = `The trainer ended at once (${typeof exit === 'number' ? `exit code ${exit}` : exit}). ${printed === '' ? 'It printed nothing.' : `It printed: ${printed}`}`;
  writeState(folder, { ...state, status: 'failed', error: { code: 'trainer-died', message } });
}

/** The last line that looks like an error, because Node prints a stack after it; otherwise the last line. */
function errorLine(log: string): string {
  const lines = log.trimEnd().split('\n');
  const line = lines.findLast((one) => /^(\w*Error\b.*|node: .+)/.test(one)) ?? at(lines, lines.length - 1);
  return line.slice(0, maxErrorLength);
}
