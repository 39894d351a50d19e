import { MarginError } from '../../base/pure/marginError';
import { inTurns } from '../../base/pure/inTurns';
import { currentState, subfolders } from '../find';
import { readRunConfig, writeState } from '../folder';
import { RunLock } from '../lock';
import { refuseAlive, startingState } from '../start';
import { dirname } from 'node:path';
import type { RunState } from '../types';
import { type QueuePlace, readPlace, removePlace, waitsHere, writePlace } from './place';

/** Run folders read at once. */
const atOnce = 8;

/** A run that waits for its turn. */
export interface QueuedRun extends QueuePlace {
  readonly folder: string;
  readonly state: RunState;
  /** Whether it waits for this machine. */
  readonly isHere: boolean;
}

/** The queued runs of a runs folder (`output_dir`) in the order in which they will start, of every machine. */
export async function readQueue(outputDir: string): Promise<QueuedRun[]> {
  const found = await inTurns(await subfolders(outputDir), atOnce, queuedRun);
  return found.filter((one) => one !== null).sort((a, b) => a.place - b.place || (a.folder < b.folder ? -1 : 1));
}

async function queuedRun(folder: string): Promise<QueuedRun | null> {
  // The list of runs reports a folder that cannot be read.
  const state = await currentState(folder).then(
    (found) => found.state,
    () => null,
  );
  if (state?.status !== 'queued') return null;
  return { folder, ...(await readPlace(folder)), state, isHere: waitsHere(state) };
}

/**
 * Puts a run at the end of the queue of its runs folder. Nothing starts it yet: see `ensureQueue`. A queued run
 * keeps its place.
 *
 * @param stopAt the step at which the run saves and stops; null: at its end
 * @throws MarginError `run-alive`, `run-locked`, `not-a-run`, and those of the folder's files.
 */
export async function enqueueRun(folder: string, stopAt: number | null = null): Promise<void> {
  await readRunConfig(folder);
  await withLock(folder, async () => {
    const { state: before } = await refuseAlive(folder);
    if (before?.status === 'queued') return;
    const queue = await readQueue(dirname(folder));
    const place = Math.min(Number.MAX_SAFE_INTEGER - 1, (queue.at(-1)?.place ?? 0) + 1);
    await writePlace(folder, { place, stopAt });
    writeState(folder, { ...startingState(before), status: 'queued' });
  });
}

/** Takes a run out of the queue; it is `stopped` then. Errors: `not-queued`, `run-locked`, and those of the files. */
export async function takeOutOfQueue(folder: string): Promise<void> {
  await withLock(folder, async () => {
    const { state } = await currentState(folder);
    if (state?.status !== 'queued') throw notQueued(folder);
    writeState(folder, { ...state, status: 'stopped' });
    await removePlace(folder);
  });
}

/**
 * Moves a queued run before the run in front of it, or after the one behind it. Nothing happens at an end of the queue.
 * Errors: `not-queued`, and those of writing.
 */
export async function moveInQueue(folder: string, direction: 'up' | 'down'): Promise<void> {
  const queue = await readQueue(dirname(folder));
  const from = queue.findIndex((one) => one.folder === folder);
  const moved = queue[from];
  if (moved === undefined) throw notQueued(folder);
  const to = from + (direction === 'up' ? -1 : 1);
  if (to < 0 || to >= queue.length) return;
  const others = queue.filter((one) => one !== moved);
  const order = [...others.slice(0, to), moved, ...others.slice(to)];
  for (const [i, one] of order.entries())
    if (one.place !== i + 1) await writePlace(one.folder, { place: i + 1, stopAt: one.stopAt });
}

/** Changes state.json only while no other process starts, trains or deletes the run. */
async function withLock(folder: string, work: () => Promise<void>): Promise<void> {
  const lock = await RunLock.acquire(folder, 'queueing');
  try {
    await work();
  } finally {
    lock.release();
  }
}

function notQueued(folder: string): MarginError {
  return new MarginError('not-queued', `${folder} is not in the queue; it may have started meanwhile.`, { folder });
}
