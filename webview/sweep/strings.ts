import type { SweepRow } from '../../src/protocol/sweep';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const strings = {
  name: (name: string): string => `Sweep ${name}`,
  over: (over: number, all: number): string => `${over} of ${all} trials over`,
  minutes: (minutes: number, budget: number | null): string =>
    budget === null ? `${minutes.toFixed(1)} min` : `${minutes.toFixed(1)} of ${budget} min`,
  stop: 'Stop & save',
  stopTitle: 'The running trial saves and stops; the sweep can go on later',
  resume: 'Resume',
  clear: 'Clear the brushes',
  stopping: 'Asked to stop after the current step',
  plot: 'Each line is a trial. Arrow keys on an axis choose a range, Escape takes it back',
  axis: (name: string): string => `${name}: range`,
  all: 'all',
  range: (low: string, high: string): string => `${low} to ${high}`,
  shown: (shown: number, all: number): string => (shown === all ? `${all} trials` : `${shown} of ${all} trials`),
  columns: { trial: 'trial', interval: '95 %', step: 'step', minutes: 'min', state: 'state' },
  sort: (name: string): string => `Sort by ${name}`,
  table: 'Trials, with arrow keys; Enter opens the run',
  states: {
    waiting: 'waiting',
    running: 'running',
    done: 'done',
    dropped: 'dropped',
    failed: 'failed',
    skipped: 'skipped',
  } satisfies Record<SweepRow['state'], string>,
  ranks: { best: 'best', close: 'as good, as far as these pairs tell', other: '' } satisfies Record<
    SweepRow['rank'],
    string
  >,
  value: (value: number, isShare: boolean): string => (isShare ? percent(value) : value.toPrecision(4)),
  interval: (low: number, high: number): string => `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)} %`,
};
