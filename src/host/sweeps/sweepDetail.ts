import { byValue } from '../../run/sweep/plan';
import { judged, summarize, sweepSentences } from '../../run/sweep/summary';
import type { Sweep, Trial } from '../../run/sweep/types';
import type { SweepDetail, SweepRow } from '../../protocol/sweep';
import { axisOf, type PlacedAxis, valueText } from './axisViews';

/** What the tab of a sweep shows, the best trial first. */
export function sweepDetail(sweep: Sweep, isRunning: boolean): SweepDetail {
  const { name, metric, budget, axes, trials, greater_is_better: greaterIsBetter } = sweep;
  const { best, close, seconds, isOver } = summarize(sweep);
  const results = trials.flatMap((trial) => judged(sweep, trial).map(({ value }) => value));
  const placed = [
    ...axes.map(({ key }) =>
      axisOf(
        key,
        trials.map(({ values }) => values[key]),
      ),
    ),
    axisOf(metric, results),
  ];
  const rankOf = ({ index }: Trial): SweepRow['rank'] => {
    if (best?.trial.index === index) return 'best';
    return close.some(({ trial }) => trial.index === index) ? 'close' : 'other';
  };
  return {
    name,
    metric,
    greaterIsBetter,
    axes: placed.map(({ view }) => view),
    rows: byValue(sweep, trials).map((trial) => rowOf(sweep, trial, placed, rankOf(trial))),
    sentences: sweepSentences(sweep),
    isRunning,
    isOver,
    minutes: seconds / 60,
    budget,
  };
}

function rowOf(sweep: Sweep, trial: Trial, placed: readonly PlacedAxis[], rank: SweepRow['rank']): SweepRow {
  const [found] = judged(sweep, trial);
  const values = sweep.axes.map(({ key }) => trial.values[key]);
  const { state, error, run, seconds } = trial;
  return {
    trial: trial.index + 1,
    values: values.map(valueText),
    places: placed.map(({ placeOf }, i) => (i < values.length ? placeOf(values[i]) : placeOf(found?.value))),
    state,
    error,
    run,
    value: found === undefined ? null : found.value,
    interval: found === undefined ? null : found.interval,
    step: trial.result === null ? null : trial.result.step,
    minutes: seconds / 60,
    rank,
  };
}
