import type { MetricPoints } from '../../src/protocol/runComparison';
import type { Points } from '../shared/runPoints';

/** The points of a run by metric. */
export interface ShownCurves {
  readonly folder: string;
  /** Only metrics that the run has logged. */
  readonly metrics: Readonly<Record<string, MetricPoints>>;
  /** By metric, the points at which NaN was logged. */
  readonly notNumbers: Readonly<Record<string, MetricPoints>>;
}

/** The points of each metric of a run, without the steps at which others were logged. */
export function shownCurves(folder: string, { steps, times, series, notNumbers }: Points): ShownCurves {
  const bad = Object.entries(notNumbers).map(([name, at]) => [name, new Set(at)] as const);
  return {
    folder,
    metrics: Object.fromEntries(
      Object.entries(series).flatMap(([name, values]) => {
        const found = kept({ steps, times, values }, (i) => !Number.isNaN(values[i]));
        return found.steps.length === 0 ? [] : [[name, found] as const];
      }),
    ),
    notNumbers: Object.fromEntries(
      bad.map(([name, at]) => [
        name,
        kept({ steps, times, values: series[name] ?? steps.map(() => Number.NaN) }, (i) => at.has(steps[i] ?? -1)),
      ]),
    ),
  };
}

function kept({ steps, times, values }: MetricPoints, isKept: (index: number) => boolean): MetricPoints {
  const has = (_: number, i: number): boolean => isKept(i);
  return { steps: steps.filter(has), times: times.filter(has), values: values.filter(has) };
}
