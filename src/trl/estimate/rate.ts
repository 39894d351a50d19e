import { at } from '../../base/pure/must';
import type { RunEvent, TrainConfig } from '../../run/types';

/** Intervals between logged steps that a rate needs: fewer may be warming up. */
const leastIntervals = 5;
/** A model is similar if it has at most this many times the parameters, or at least this part of them. */
const similarRatio = 2;

/** Keys that change how many tokens a second a target takes. Runs that differ in one of them are not compared. */
const rateKeys = [
  'trainer',
  'device',
  'dtype',
  'use_peft',
  'load_in_4bit',
  'mixed_precision',
  'gradient_checkpointing',
  'distributed_type',
  'zero_stage',
  'num_processes',
  'num_machines',
] as const satisfies readonly (keyof TrainConfig)[];

/** The first key in which two runs differ so that their speeds do; null: none. */
export function rateDifference(a: TrainConfig, b: TrainConfig): (typeof rateKeys)[number] | null {
  return rateKeys.find((key) => a[key] !== b[key]) ?? null;
}

/**
 * Tokens per second of a run of TRL, from the sum `num_tokens` that it logs: the median over the intervals between
 * logged steps, so that evaluations, saves and pauses do not count. All processes together.
 *
 * @returns null if there are too few steps, or if the run has no tokens, as those of CPO and ORPO by an older Margin
 */
export function measuredRate(events: readonly RunEvent[]): number | null {
  const points = events.flatMap((event) => {
    const total = event.kind === 'train' ? event.metrics['num_tokens'] : undefined;
    return total === undefined ? [] : [{ t: event.t, total }];
  });
  const rates = points.slice(1).flatMap(({ t, total }, i) => {
    const before = at(points, i);
    // After a resume the sum and the clock begin again.
    return total > before.total && t > before.t ? [(1000 * (total - before.total)) / (t - before.t)] : [];
  });
  if (rates.length < leastIntervals) return null;
  const sorted = rates.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? at(sorted, middle) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

/**
 * The rate of a model from that of a similar one: the work for a token is proportional to the parameters (6 operations
 * for each: Kaplan et al. 2020, arXiv:2001.08361, §2.1).
 *
 * @returns null if the models are not similar
 */
export function scaledRate(rate: number, from: number, to: number): number | null {
  const ratio = from / to;
  return ratio <= similarRatio && ratio >= 1 / similarRatio ? rate * ratio : null;
}
