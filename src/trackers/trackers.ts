import { bundlePath } from '../base/node/bundlePath';
import { inThread } from '../base/node/inThread';
import { MarginError } from '../base/pure/marginError';
import type { LoggedRun, TrackedRun } from './trackedRun';

/** MB of values: ten times the longest log that is read. */
const maxMemory = 4096;

/** What the thread is asked for. */
export type TrackersTask =
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'tensorboard'; readonly run: LoggedRun; readonly folder: string }
  | { readonly kind: 'trackio'; readonly runs: readonly LoggedRun[]; readonly path: string };

/** The runs of other programs at a path; see {@link readTracked}, which a thread calls. */
export function readTrackedRuns(path: string): Promise<readonly TrackedRun[]> {
  return ask({ kind: 'read', path }, path);
}

/** Writes a run as an event file of TensorBoard; see {@link writeTensorBoard}. */
export async function exportToTensorBoard(run: LoggedRun, folder: string): Promise<void> {
  await ask({ kind: 'tensorboard', run, folder }, folder);
}

/** Writes runs as a project database of Trackio; see {@link writeTrackio}. */
export async function exportToTrackio(runs: readonly LoggedRun[], path: string): Promise<void> {
  await ask({ kind: 'trackio', runs, path }, path);
}

function ask(task: TrackersTask, path: string): Promise<readonly TrackedRun[]> {
  return inThread<TrackersTask, never, readonly TrackedRun[]>(task, {
    script: bundlePath('trackersThread.js'),
    maxMemory,
    outOfMemory: () =>
      new MarginError('out-of-memory', `The runs of ${path} take more than ${maxMemory} MB of memory.`, { path }),
  });
}
