import { byValue } from '../run/sweep/plan';
import { judged } from '../run/sweep/summary';
import type { Sweep, Trial } from '../run/sweep/types';
import { table } from './table';

/** The trials of a sweep as a table, the best first. */
export function sweepTable(sweep: Sweep): string {
  const names = sweep.axes.map(({ key }) => key);
  const head = ['trial', ...names, sweep.metric, '95 %', 'step', 'minutes', 'state'];
  return table(
    head,
    byValue(sweep, sweep.trials).map((trial) => [
      `${trial.index + 1}`,
      ...names.map((name) => cell(trial.values[name])),
      ...results(sweep, trial),
      (trial.seconds / 60).toFixed(1),
      trial.error === null ? trial.state : `${trial.state}: ${trial.error}`,
    ]),
  );
}

function results(sweep: Sweep, trial: Trial): string[] {
  const [found] = judged(sweep, trial);
  if (found === undefined || trial.result === null) return ['', '', ''];
  const { value, interval } = found;
  const range = interval === null ? '' : `${interval.low.toFixed(3)}-${interval.high.toFixed(3)}`;
  return [value.toFixed(4), range, `${trial.result.step}`];
}

const cell = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
