import { answerTask } from '../base/node/inThread';
import { readTracked } from './readTracked';
import type { TrackersTask } from './trackers';
import type { TrackedRun } from './trackedRun';
import { writeTensorBoard } from './writeTensorBoard';
import { writeTrackio } from './writeTrackio';

/** The thread that reads and writes files of trackers, because SQLite and long logs would block its caller. */
answerTask<TrackersTask, never, readonly TrackedRun[]>(async (task) => {
  if (task.kind === 'read') return readTracked(task.path);
  if (task.kind === 'trackio') await writeTrackio(task.runs, task.path);
  else await writeTensorBoard(task.run, task.folder);
  return [];
});
