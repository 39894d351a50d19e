import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MarginError } from '../base/pure/marginError';
import { isLiving, derivedStatus } from './alive';
import { fileError } from '../base/node/fileError';
import { readRunConfig, readState, runPaths, writeControl, writeState } from './folder';
import { runVersion } from './types';
import type { RunState } from './types';

export interface StartOptions {
  /** The bundled trainer, `dist/trainer.js`. It is called as `node trainer.js FOLDER [--resume]`. */
  readonly trainer: string;
  /** The Node (or Electron) executable, `process.execPath`. */
  readonly node: string;
  /** Go on from the newest checkpoint of the folder; from the first step where there is none. */
  readonly resume?: boolean;
}

export interface StartedRun {
  readonly pid: number;
  /** Ends with the trainer, for as long as this process watches: exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | string>;
}

/**
 * Launches the trainer of a run folder as a process of its own that outlives this one; what it prints goes to log.txt.
 * Errors: `run-alive`, `not-a-run`, `trainer-missing`, and those of the folder's files.
 */
export async function startRun(folder: string, options: StartOptions): Promise<StartedRun> {
  await readRunConfig(folder);
  const before = await readState(folder);
  if (before && isLiving(await derivedStatus(folder, before, Date.now()))) {
    throw new MarginError('run-alive', `${folder} is running already (process ${before.pid}). Stop it first, or watch it.`, { folder });
  }
  await writeControl(folder, { want: 'run' });
  writeState(folder, startingState(before));
  const child = launch(folder, options);
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      void recordEarlyDeath(folder, code ?? signal ?? 'unknown').finally(() => resolve(code ?? signal ?? 'unknown'));
    });
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new MarginError('trainer-missing', `Cannot start the trainer with ${options.node}: ${String(error)}`, { node: options.node });
  }
  child.unref();
  return { pid: child.pid ?? 0, exited };
}

function launch(folder: string, options: StartOptions): ReturnType<typeof spawn> {
  const path = runPaths.log(folder);
  let log: number;
  try {
    log = openSync(path, 'a');
  } catch (error) {
    throw fileError(error, 'write', path);
  }
  try {
    return spawn(options.node, [options.trainer, folder, ...(options.resume ? ['--resume'] : [])], {
      cwd: dirname(options.trainer),
      detached: true,
      stdio: ['ignore', log, log],
      // Inside VS Code execPath is Electron, which runs a script as plain Node only with this set.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
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
  const state = await readState(folder);
  if (!state || state.pid !== 0 || state.status !== 'starting') return;
  const said = lastWords(readFileSync(runPaths.log(folder), 'utf8'));
  const message = `The trainer ended at once (${typeof exit === 'number' ? `exit code ${exit}` : exit}). ${said === '' ? 'It said nothing.' : `It said: ${said}`}`;
  writeState(folder, { ...state, status: 'failed', error: { code: 'trainer-died', message } });
}

/** The last line that reads like an error, for Node prints the stack behind it; else the last line. */
function lastWords(log: string): string {
  const lines = log.trimEnd().split('\n');
  return lines.findLast((line) => /^(\w*Error\b.*|node: .+)/.test(line)) ?? lines.at(-1) ?? '';
}
