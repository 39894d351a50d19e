import { proportion } from '../../pairs/statistics/proportion';
import { byValue } from './plan';
import type { Sweep, Trial } from './types';

/** The result of a trial with its 95 % interval over held-out pairs; null where the metric is no share. */
export interface Judged {
  readonly trial: Trial;
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

export interface SweepSummary {
  /** The trial with the best value among those that went furthest; null before the first result. */
  readonly best: Judged | null;
  /** Other trials whose interval holds the best value: with so few held-out pairs they cannot be told from it. */
  readonly close: readonly Judged[];
  readonly seconds: number;
  readonly isOver: boolean;
}

/** What a sweep shows so far. */
export function summarize(sweep: Sweep): SweepSummary {
  const valued = sweep.trials.filter(({ result }) => result !== null);
  // A value after more steps is not compared with one after fewer.
  const furthest = Math.max(0, ...valued.map(stepOf));
  const [first, ...others] = byValue(
    sweep,
    valued.filter((trial) => sweep.method !== 'halving' || stepOf(trial) === furthest),
  ).flatMap((trial) => judged(sweep, trial));
  return {
    best: first ?? null,
    close: first === undefined ? [] : others.filter((one) => holds(one, first.value)),
    seconds: sweep.trials.reduce((sum, { seconds }) => sum + seconds, 0),
    isOver: sweep.trials.every(({ state }) => state !== 'waiting' && state !== 'running'),
  };
}

const stepOf = ({ result }: Trial): number => (result === null ? 0 : result.step);

const holds = ({ interval }: Judged, value: number): boolean =>
  interval !== null && interval.low <= value && value <= interval.high;

/** A trial with its value; none if it has no finite one. */
export function judged({ metric, held_out: pairs }: Sweep, trial: Trial): Judged[] {
  const value = trial.result?.value;
  if (value === undefined || !Number.isFinite(value)) return [];
  const isShare = metric.startsWith('eval_rewards/accuracies') && value >= 0 && value <= 1;
  if (!isShare || pairs === null || pairs < 1) return [{ trial, value, interval: null }];
  const { low, high } = proportion(Math.round(value * pairs), pairs);
  return [{ trial, value, interval: { low, high } }];
}

/** `beta 0.1, learning_rate 0.0005` */
export function valuesText(values: Trial['values']): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** Sentences about the result. */
export function sweepSentences(sweep: Sweep): string[] {
  const { best, close, isOver } = summarize(sweep);
  if (best === null) return [isOver ? 'No trial has a result.' : 'No result yet.'];
  const { trial, value, interval } = best;
  const number = interval === null ? value.toPrecision(4) : percent(value);
  const range =
    interval === null
      ? ''
      : ` (95 % interval ${percent(interval.low)} to ${percent(interval.high)}, ${sweep.held_out} pairs)`;
  const lead = isOver ? 'Best' : 'Best so far';
  return [
    `${lead}: trial ${trial.index + 1}, ${valuesText(trial.values)}: ${sweep.metric} ${number}${range}.`,
    ...(close.length === 0
      ? []
      : [
          `${close.length === 1 ? 'One other trial' : `${close.length} other trials`} cannot be told from it by these pairs: ${close.map((one) => one.trial.index + 1).join(', ')}.`,
        ]),
    ...(sweep.trials.length > 1
      ? ['The best of several is too good by chance. Measure it on pairs that no trial was chosen by.']
      : []),
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
