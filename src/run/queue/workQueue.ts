import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../../base/node/makeFolder';
import { thisMachine } from '../../base/node/thisMachine';
import { errorCode, errorMessage, MarginError } from '../../base/pure/marginError';
import { subfolders } from '../find';
import { readState, runPaths, writeState } from '../folder';
import { holderOf, RunLock, type LockHolder } from '../lock';
import { startRun, type ProgramOptions } from '../start';
import { readPlace, removePlace } from './place';
import { readQueue } from './queue';

/** How often the queue looks whether the running run has ended. */
const pollMs = 1000;
/** A trainer that has not written its process id after this time counts as dead: see `alive.ts`. */
const startMs = 30_000;

export interface QueueOptions extends ProgramOptions {
  /** Gets each start as a line for people. */
  readonly log: (line: string) => void;
}

/** The folder with the lock of the process that works on the queue of this machine. Lists of runs skip its name. */
export function queueFolder(outputDir: string): string {
  return join(outputDir, '.queue', encodeURIComponent(hostname()));
}

/**
 * Starts the queued runs of a runs folder on this machine, one after another, until the queue is empty. Returns at once
 * if another process does this already.
 */
export async function workQueue(outputDir: string, options: QueueOptions): Promise<void> {
  const givenUp = new Set<string>();
  const waiting = async (): Promise<string[]> =>
    (await readQueue(outputDir)).flatMap(({ folder, isHere }) => (isHere && !givenUp.has(folder) ? [folder] : []));
  do {
    const lock = await lockOf(outputDir);
    if (lock === null) return;
    try {
      for (let next = (await waiting())[0]; next !== undefined; next = (await waiting())[0]) {
        lock.assertHeld();
        if (await isBusy(outputDir)) await sleep(pollMs);
        else await startNext(next, options, givenUp);
      }
    } finally {
      lock.release();
    }
    // A run that was queued before the lock was free had no other process to start it.
  } while ((await waiting()).length > 0);
}

async function lockOf(outputDir: string): Promise<RunLock | null> {
  const folder = queueFolder(outputDir);
  await makeFolder(folder);
  try {
    return await RunLock.acquire(folder, 'queueing');
  } catch (error) {
    if (errorCode(error) === 'run-locked') return null;
    throw error;
  }
}

/** Whether a run of the folder starts, trains or is scored on this machine. A paused run counts: it holds memory. */
export async function isBusy(outputDir: string): Promise<boolean> {
  for (const folder of await subfolders(outputDir)) {
    // A folder that cannot be read, or that is gone by now, must not keep the queue waiting.
    const holder = await holderOf(folder).catch(() => null);
    if (holder !== null && usesThisMachine(holder)) return true;
  }
  return false;
}

function usesThisMachine(holder: LockHolder | 'unknown'): boolean {
  if (holder === 'unknown') return true;
  const { purpose, machine } = holder;
  const here = thisMachine();
  // Containers of one computer share its processors.
  const isSame = machine.host === here.host || (machine.boot !== null && machine.boot === here.boot);
  return isSame && (purpose === 'starting' || purpose === 'training' || purpose === 'scoring');
}

/**
 * Starts a queued run. One that cannot start becomes `failed` with the reason, so that the queue goes on.
 *
 * @param givenUp gets the folder of a run whose state cannot be written either
 */
async function startNext(folder: string, options: QueueOptions, givenUp: Set<string>): Promise<void> {
  try {
    // Without events the run has never started, so there is nothing to resume.
    const resume = existsSync(runPaths.events(folder));
    const { stopAt } = await readPlace(folder);
    const until = stopAt === null ? {} : { stopAt };
    const { pid, exited } = await startRun(folder, { ...options, ...until, resume, fromQueue: true });
    options.log(`Started ${folder} as process ${pid}`);
    await removePlace(folder);
    // This process records the death of a trainer that cannot write its state.
    await Promise.race([exited, sleep(startMs)]);
  } catch (error) {
    const code = errorCode(error);
    // Another process starts, moves or deletes it.
    if (code === 'run-alive' || code === 'run-locked') return sleep(pollMs);
    if (code === 'not-queued') return;
    options.log(`Could not start ${folder}: ${errorMessage(error)}`);
    await recordFailure(folder, error).catch(() => givenUp.add(folder));
  }
}

async function recordFailure(folder: string, error: unknown): Promise<void> {
  const state = await readState(folder);
  if (state === null) throw new MarginError('missing', `${folder} has no state.json.`, { folder });
  writeState(folder, {
    ...state,
    status: 'failed',
    error: { code: errorCode(error) ?? 'internal', message: errorMessage(error) },
  });
}
