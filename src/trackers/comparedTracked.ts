import type { ComparedRun } from '../run/compared/comparedRun';
import { endsOf } from '../run/compared/endMetrics';
import { noNotes } from '../run/notes';
import type { TrackedRun, TrackerName } from './trackedRun';

/** What people call a tracker. */
export const programs: Readonly<Record<TrackerName, string>> = {
  trl: 'TRL',
  tensorboard: 'TensorBoard',
  trackio: 'Trackio',
};

/** A run of another program as a table of runs has it. `folder` is its file, with the name of a run of Trackio. */
export function comparedTracked(run: TrackedRun): ComparedRun {
  const { tracker, path, name, created, config, events, hasTimes, remarks } = run;
  const ends = endsOf(events);
  return {
    folder: tracker === 'trackio' ? `${path}#${name}` : path,
    name,
    status: 'logged',
    program: programs[tracker],
    state: null,
    step: events.reduce((most, { step }) => Math.max(most, step), 0),
    created,
    scoring: null,
    config: null,
    settings: config,
    notes: noNotes,
    metrics: hasTimes ? ends : { ...ends, seconds: null },
    evaluates: events.some(({ kind }) => kind === 'eval'),
    remarks,
  };
}
